// Copies the in-memory backend and adds a bug: a repeated reservation replaces the first one.
File theirs = new File(basedir, '../../../../../memory-backend/src/main/java').canonicalFile
File own = new File(basedir, 'src/main/java')
theirs.eachFileRecurse { file ->
    if (file.file && file.name != 'module-info.java') {
        File copy = new File(own, theirs.toURI().relativize(file.toURI()).path)
        copy.parentFile.mkdirs()
        copy.text = file.text
    }
}
File store = new File(own, 'dev/errand/memory/InMemoryStagingStore.java')
String correct = '!entries.byId.containsKey(reservation.id())'
String text = store.text
assert text.contains(correct)
store.text = text.replace(correct, 'true')
return true
