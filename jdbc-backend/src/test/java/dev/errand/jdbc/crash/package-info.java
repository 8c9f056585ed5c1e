/**
 * What survives when something dies: a load in a process of its own writes a journal of what it
 * asks and what it is told, it or its database is killed, and the journal is held against what the
 * engine reads afterwards.
 *
 * <p>Begin with {@link dev.errand.jdbc.crash.KillTheProcess}, {@link
 * dev.errand.jdbc.crash.KillTheDatabase}, {@link dev.errand.jdbc.crash.KillAtWrites} and {@link
 * dev.errand.jdbc.crash.TwoNodes}. Each is a command with a progress line; {@link
 * dev.errand.jdbc.crash.CrashTest} and {@link dev.errand.jdbc.crash.H2CrashTest} run all of them in
 * small. For one of them, from the root of the repository:
 *
 * <pre>
 * mvn -q -pl jdbc-backend -am -DskipTests test-compile \
 *     dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp "jdbc-backend/target/test-classes:jdbc-backend/target/classes:$(cat jdbc-backend/target/classpath)" \
 *     dev.errand.jdbc.crash.KillTheProcess --kills 50
 * </pre>
 */
package dev.errand.jdbc.crash;
