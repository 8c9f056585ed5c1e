String log = new File(basedir, 'build.log').text
List<String> failed = log.readLines().findAll { it =~ /^\[ERROR\] +StoreTest/ }
println failed.join('\n')
assert failed.size() == 1
assert failed[0].contains('StoreTest.reservingAgainHasNoEffect')
return true
