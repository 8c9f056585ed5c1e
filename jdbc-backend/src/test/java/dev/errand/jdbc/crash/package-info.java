/**
 * Crash tests: a workload runs in a separate process and records each request and its response in a
 * journal; the process or its database is killed; the journal is then compared with the data that
 * the engine reads afterwards.
 *
 * <p>The entry points are {@link dev.errand.jdbc.crash.KillTheProcess}, {@link
 * dev.errand.jdbc.crash.KillTheDatabase}, {@link dev.errand.jdbc.crash.KillAtWrites} and {@link
 * dev.errand.jdbc.crash.TwoNodes}, each a command that prints its progress. {@link
 * dev.errand.jdbc.crash.CrashTest} and {@link dev.errand.jdbc.crash.H2CrashTest} run short versions
 * of them. To run one from the root of the repository:
 *
 * <pre>
 * mvn -q -pl jdbc-backend -am -DskipTests test-compile \
 *     dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp "jdbc-backend/target/test-classes:jdbc-backend/target/classes:$(cat jdbc-backend/target/classpath)" \
 *     dev.errand.jdbc.crash.KillTheProcess --kills 50
 * </pre>
 */
package dev.errand.jdbc.crash;
