package dev.errand.server;

import static dev.errand.server.HostileAgent.completes;
import static dev.errand.server.HostileAgent.ends;
import static dev.errand.server.HostileAgent.fails;

import java.util.ArrayList;
import java.util.List;

/**
 * The agents of {@link HostileAgentTest}. Processes that must not survive are called {@code sleep
 * FOREVER}; the test inserts a number of its own, so that it finds them however they hide.
 */
final class HostileAgents {

    private static final String INACTIVE = "inactive for";
    private static final String KILLED = "sandbox was lost|code 137";
    private static final String NOT_REGULAR = "the output is not a regular file";
    private static final String NOT_JSON = "output is not JSON";
    private static final String TOO_LARGE = "exceeded|larger than";

    private HostileAgents() {}

    /**
     * Returns the agents of a form of the test: {@code short} or {@code long}, which includes all
     * those that are stopped for inactivity.
     */
    static List<HostileAgent> of(String form) {
        List<HostileAgent> agents =
                new ArrayList<>(form.equals("short") ? SLOW.subList(0, 3) : SLOW);
        agents.addAll(QUICK);
        agents.addAll(OF_THE_LAUNCHER);
        return agents;
    }

    // spotless:off
    /** Agents that end at once, or are stopped for what they do. */
    static final List<HostileAgent> QUICK = List.of(
            // output of every wrong kind
            fails("leaves text as output", NOT_JSON, "echo nonsense > $ERRAND_OUTPUT_FILE"),
            fails("leaves binary output", NOT_JSON, "head -c 5000 /dev/urandom > $ERRAND_OUTPUT_FILE"),
            fails("leaves an empty output", NOT_JSON, ": > $ERRAND_OUTPUT_FILE"),
            fails("leaves a link as output", NOT_REGULAR, "ln -s /etc/passwd $ERRAND_OUTPUT_FILE"),
            fails("leaves a link to a device as output", NOT_REGULAR, "ln -s /dev/zero $ERRAND_OUTPUT_FILE"),
            fails("leaves a pipe as output", NOT_REGULAR, "mkfifo $ERRAND_OUTPUT_FILE"),
            fails("leaves a directory as output", NOT_REGULAR, "mkdir $ERRAND_OUTPUT_FILE"),
            fails("leaves too large an output", "the limit is 16777216 bytes", "head -c 17000000 /dev/zero > $ERRAND_OUTPUT_FILE"),
            fails("nests its output 100,000 times", "nesting is deeper than", "head -c 100000 /dev/zero | tr '\\0' '[' > $ERRAND_OUTPUT_FILE"),
            ends("leaves a number of a million digits", "head -c 1000000 /dev/zero | tr '\\0' 1 > $ERRAND_OUTPUT_FILE"),
            ends("leaves an unreadable output", "echo '{}' > $ERRAND_OUTPUT_FILE; chmod 000 $ERRAND_OUTPUT_FILE"),
            ends("leaves a sparse output of a terabyte", "truncate -s 1T $ERRAND_OUTPUT_FILE"),

            // artifacts
            completes("leaves links and pipes as artifacts", "cd $ERRAND_ARTIFACTS_DIR; ln -s /etc/shadow a; ln -s / b; mkfifo c; ln -s d d"),
            completes("leaves devices as artifacts", "cd $ERRAND_ARTIFACTS_DIR; mknod zero c 1 5; mknod disk b 7 0; true"),
            completes("leaves a socket as artifact", "cd $ERRAND_ARTIFACTS_DIR; perl -MSocket -e 'socket(S,PF_UNIX,SOCK_STREAM,0); bind(S,sockaddr_un(q(s)))'; true"),
            completes("replaces its artifacts by a link", "rmdir $ERRAND_ARTIFACTS_DIR; ln -s /etc $ERRAND_ARTIFACTS_DIR"),
            completes("replaces its artifacts by a pipe", "rmdir $ERRAND_ARTIFACTS_DIR; mkfifo $ERRAND_ARTIFACTS_DIR"),
            completes("leaves 5,000 artifacts", "cd $ERRAND_ARTIFACTS_DIR; seq 5000 | xargs touch"),
            completes("hides artifacts in a deep tree", "cd $ERRAND_ARTIFACTS_DIR; for i in $(seq 60); do mkdir d; cd d; done; echo x > f"),
            completes("leaves an unreadable directory of artifacts", "cd $ERRAND_ARTIFACTS_DIR; mkdir d; echo x > d/f; chmod 000 d"),
            completes("names artifacts strangely", "cd $ERRAND_ARTIFACTS_DIR; for n in '-rf' 'a\nb' \"$(printf '\\033[2J')\" \"$(printf '\\377')\" \"$(head -c 255 /dev/zero | tr '\\0' x)\" ' ' ';' '%2e%2e'; do echo x > \"./$n\"; done"),
            completes("leaves a sparse artifact", "cd $ERRAND_ARTIFACTS_DIR; truncate -s 9M sparse"),

            // floods
            completes("prints 15 MB in lines", "yes 'a line of output that goes on and on' | head -c 15000000"),
            completes("prints 15 MB in one line", "head -c 15000000 /dev/zero | tr '\\0' x"),
            completes("prints 300,000 empty lines", "yes '' | head -n 300000"),
            completes("prints binary", "head -c 3000000 /dev/urandom"),
            completes("prints control characters and broken UTF-8", "for i in $(seq 1000); do printf '\\033[2J\\000\\377\\355\\240\\200\\r'; done"),
            completes("prints NUL", "head -c 3000000 /dev/zero"),
            fails("prints without end", TOO_LARGE, "yes"),
            fails("prints errors without end", TOO_LARGE, "yes >&2"),
            fails("prints without end and without a line", TOO_LARGE, "cat /dev/zero"),

            // files
            fails("fills the disk with a file", TOO_LARGE, "cat /dev/zero > file"),
            fails("fills the disk with many files", TOO_LARGE, "i=0; while :; do i=$((i + 1)); head -c 1000000 /dev/zero > f$i; done"),
            ends("creates a sparse file of a terabyte", "truncate -s 1T file; dd if=/dev/zero of=file2 bs=1 count=1 seek=1T"),
            completes("deletes its workspace", "cd /; rm -rf $ERRAND_WORKSPACE"),
            completes("makes its workspace unreadable", "mkdir d; echo x > d/f; chmod 000 d; chmod 000 ."),
            completes("leaves links to directories of the system", "ln -s / root; ln -s /proc proc; ln -s .. up"),
            completes("leaves pipes, devices and links in its workspace", "mkfifo p; mknod z c 1 5; ln -s p q; ln -s nothing r; true"),
            completes("deletes its inputs", "rm -rf $ERRAND_SECRETS_DIR $ERRAND_API_TOKEN_FILE $ERRAND_PROMPT_FILE $HOME $TMPDIR"),
            completes("truncates its log", "echo a; : > ../../launcher/stdout.log; echo b"),
            ends("replaces its log by a link", "rm ../../launcher/stdout.log ../../launcher/stderr.log; ln -s /etc/passwd ../../launcher/stdout.log; ln -s /dev/zero ../../launcher/stderr.log; echo x"),
            ends("deletes its sandbox", "cd /; rm -rf $ERRAND_WORKSPACE/.."),
            ends("makes its sandbox unreadable", "chmod 000 .."),

            // processes and signals
            completes("leaves 100 children", "for i in $(seq 100); do sleep FOREVER & done"),
            completes("leaves a child that ignores signals", "sh -c 'trap \"\" TERM HUP INT; sleep FOREVER; sleep FOREVER' &"),
            completes("leaves a child in another session", "setsid sleep FOREVER &"),
            completes("leaves a daemon", "(setsid sh -c 'sleep FOREVER & sleep FOREVER' < /dev/null > /dev/null 2>&1 &)"),
            completes("leaves a tree of processes", "f() { [ $1 = 0 ] || { f $(($1 - 1)) & sleep FOREVER; }; }; f 20 & sleep 1"),
            completes("leaves stopped children", "for i in 1 2 3; do sleep FOREVER & kill -STOP $!; done"),
            completes("closes its outputs", "exec < /dev/null > /dev/null 2>&1; sleep 1"),
            fails("kills itself", "code 137", "kill -9 $$"),
            fails("crashes", "code 139", "kill -SEGV $$"),
            fails("kills its parent", KILLED, "kill -9 $PPID"),
            fails("kills its process group", KILLED, "command -v setsid > /dev/null && kill -9 0; kill -9 $PPID"),
            fails("kills its parent and goes on", KILLED, "kill -9 $PPID; sleep FOREVER"),
            fails("kills all its ancestors", KILLED, "kill -9 $PPID $(cat ../../launcher/sandbox.pid); sleep FOREVER"),
            fails("exits with a large code", "code 255", "exit 255"));

    /** Agents that are stopped because they are inactive, or that only seem to be. */
    static final List<HostileAgent> SLOW = List.of(
            completes("prints dots", "for i in $(seq 40); do printf .; sleep 0.5; done"),
            completes("prints a progress bar", "for i in $(seq 40); do printf '%s%%\\r' $i; sleep 0.5; done"),
            fails("is silent", INACTIVE, "sleep FOREVER"),
            fails("is silent and busy", INACTIVE, "while :; do :; done"),
            fails("stops itself", INACTIVE, "kill -STOP $$"),
            fails("stops its parent", INACTIVE, "kill -STOP $PPID"),
            fails("ignores SIGTERM", INACTIVE, "trap '' TERM; while :; do sleep 1; done"),
            fails("answers SIGTERM with children", INACTIVE, "trap 'for i in 1 2 3 4 5; do sleep FOREVER & done; sleep FOREVER' TERM; sleep FOREVER"),
            fails("waits for a pipe that nobody opens", INACTIVE, "mkfifo p; cat p"));

    /** Agents that need bookkeeping and clean-up which they cannot disturb. */
    static final List<HostileAgent> OF_THE_LAUNCHER = List.of(
            ends("replaces the exit code by a pipe", "rm -f ../../launcher/exit.code; mkfifo ../../launcher/exit.code; kill -9 $PPID"),
            ends("replaces the stop request by a pipe", "mkfifo ../../launcher/stopped; kill -9 $PPID"),
            ends("replaces its log by a pipe", "rm ../../launcher/stdout.log; mkfifo ../../launcher/stdout.log; kill -9 $PPID"),
            ends("invents an exit code", "echo 0 > ../../launcher/exit.code; kill -9 $PPID"),
            ends("nests directories beyond the longest path", "n=$(head -c 200 /dev/zero | tr '\\0' d); for i in $(seq 40); do mkdir $n && cd $n; done; head -c 1000000 /dev/zero > f"),
            completes("leaves a daemon without its environment", "env -i setsid sh -c 'sleep FOREVER' < /dev/null > /dev/null 2>&1 &"),
            completes("leaves a daemon that forks twice without its environment", "(env -i setsid sh -c '(sleep FOREVER &)' < /dev/null > /dev/null 2>&1 &)"));
    // spotless:on
}
