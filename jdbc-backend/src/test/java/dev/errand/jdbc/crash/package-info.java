/**
 * What survives when something dies: a load in a process of its own writes a journal of what it
 * asks and what it is told, it or its database is killed, and the journal is held against what the
 * engine reads afterwards. Begin with {@link dev.errand.jdbc.crash.KillTheProcess}, {@link
 * dev.errand.jdbc.crash.KillTheDatabase}: each is a command with a progress line, and {@link
 * dev.errand.jdbc.crash.CrashTest} runs all of them in small. After {@code mvn -pl jdbc-backend -am
 * test-compile} the class path of the commands is printed by {@code mvn -pl jdbc-backend -am
 * dependency:build-classpath}.
 */
package dev.errand.jdbc.crash;
