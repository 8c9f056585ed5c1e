package dev.errand.process;

import static dev.errand.process.LaunchRequests.PROJECT;
import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Agents that run as another user than the launcher. */
class SandboxUserTest extends AbstractLauncherTest {

    private static final String USER = "nobody";

    /** Users that have no processes on an ordinary system. */
    private static final List<String> UNUSED = List.of("games", "news", "lp", "uucp", "mail");

    @BeforeEach
    void requireSuperuserAndMakeDirectoryReachable() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only the superuser can start programs as another user")
                .isEqualTo(0);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void agentHasItsFilesAndProtocolButNothingOfTheLauncher() throws Exception {
        Path secretOfHost = Files.writeString(directory.resolve("key"), "key of the host");
        Files.setPosixFilePermissions(secretOfHost, PosixFilePermissions.fromString("rw-------"));
        ProcessLauncher launcher =
                open(
                        builder(
                                        """
                                        id -un; cat; echo
                                        cat "$ERRAND_SECRETS_DIR/key" "$ERRAND_API_TOKEN_FILE"; echo
                                        echo '{"a": 1}' > "$ERRAND_OUTPUT_FILE"
                                        echo planks > "$ERRAND_ARTIFACTS_DIR/list.txt"
                                        touch here "$HOME/there" "$TMPDIR/too" && echo written
                                        echo to the device > /dev/stderr
                                        cat %s && echo read the key
                                        ls "$ERRAND_WORKSPACE/../../launcher" && echo listed
                                        echo 0 > "$ERRAND_WORKSPACE/../../launcher/exit.code" && echo forged
                                        cat /proc/$PPID/environ && echo read the environment
                                        ls %s && echo listed
                                        kill -9 $PPID && echo killed
                                        exit 5
                                        """
                                                .formatted(secretOfHost, workDirectory()))
                                .sandboxUsers(USER));
        LaunchRequest request =
                aRequest().withPrompt("prompt").withSecret("key", "sesame,").build();

        SandboxExit exit = runToEnd(launcher, request);

        assertThat(recorder.output())
                .containsExactly(USER, "prompt", "sesame," + LaunchRequests.TOKEN, "written");
        assertThat(recorder.error()).contains("to the device");
        assertThat(exit.exitCode()).isEqualTo(5);
        assertThat(exit.output()).hasValue("{\"a\": 1}\n");
        assertThat(exit.artifacts())
                .singleElement()
                .satisfies(
                        artifact -> assertThat(artifact.content().open()).hasContent("planks\n"));
    }

    @Test
    void setUserIdProgramsGiveNoPrivileges() throws Exception {
        ProcessLauncher launcher =
                open(builder("grep NoNewPrivs /proc/self/status").sandboxUsers(USER));

        runToEnd(launcher, aRequest().build());

        assertThat(recorder.output()).containsExactly("NoNewPrivs:\t1");
    }

    @Test
    void agentsOfTwoUsersCannotReachEachOther() throws Exception {
        List<String> users = twoUnusedUsers();
        ProcessLauncher launcher =
                open(
                        builder("eval \"$(cat)\"")
                                .sandboxUsers(users.toArray(String[]::new))
                                .cleanupPolicy(CleanupPolicy.DELETE));
        LaunchRequest victim =
                aRequest().withSecret("key", "sesame").withPrompt("id -un; sleep 60").build();
        RecordingListener ofVictim = new RecordingListener();
        launcher.launch(PROJECT, victim, ofVictim);
        assertThat(ofVictim.awaitLine("")).isEqualTo(users.get(0));

        LaunchRequest attacker =
                aRequest()
                        .withPrompt(
                                "id -un; cat %s/key; kill -9 -1; echo done"
                                        .formatted(files(victim.sandbox()).secrets()))
                        .build();
        launcher.launch(PROJECT, attacker, recorder);
        assertThatExceptionOfType(PortException.class)
                .as("a third sandbox has no user")
                .isThrownBy(
                        () -> launcher.launch(PROJECT, aRequest().build(), new RecordingListener()))
                .matches(PortException::isRetryable);
        recorder.awaitEnd();

        assertThat(recorder.output()).startsWith(users.get(1)).doesNotContain("sesame");
        assertThat(state(launcher, victim.sandbox())).isInstanceOf(SandboxState.Running.class);
        launcher.discard(PROJECT, attacker.sandbox());
        LaunchRequest next = aRequest().withPrompt("id -un").build();
        RecordingListener ofNext = new RecordingListener();
        launcher.launch(PROJECT, next, ofNext);
        assertThat(ofNext.awaitLine("")).as("its user is free again").isEqualTo(users.get(1));
    }

    @Test
    void everythingThatRunsAsTheUserOfASandboxEndsWithIt() throws Exception {
        List<String> users = twoUnusedUsers();
        ProcessLauncher launcher =
                open(
                        builder(
                                        "env -i setsid sh -c 'trap \"\" TERM; (sleep 67; :) & echo $! > pid'"
                                                + " & wait; sleep 0.3; echo up; sleep 60")
                                .sandboxUsers(users.toArray(String[]::new)));
        LaunchRequest request = aRequest().build();
        launcher.launch(PROJECT, request, recorder);
        recorder.awaitLine("up");
        String daemon = Files.readString(files(request.sandbox()).workspace().resolve("pid"));

        launcher.stop(PROJECT, request.sandbox(), StopReason.CANCELLED, NO_GRACE);
        recorder.awaitEnd();

        assertThat(isAlive(daemon.strip())).isFalse();
    }

    @Test
    void filesOfAnEndedSandboxAreOutOfReachOfItsUser() throws Exception {
        ProcessLauncher launcher = open(builder("eval \"$(cat)\"").sandboxUsers(USER));
        LaunchRequest first = aRequest().withPrompt("echo work > result; chmod 777 .. .").build();
        launcher.launch(PROJECT, first, new RecordingListener());
        await().until(() -> state(launcher, first.sandbox()) instanceof SandboxState.Exited);

        LaunchRequest second =
                aRequest()
                        .withPrompt("cat %s/result".formatted(files(first.sandbox()).workspace()))
                        .build();
        SandboxExit exit = runToEnd(launcher, second);

        assertThat(exit.exitCode()).isNotZero();
        assertThat(recorder.output()).isEmpty();
    }

    @Test
    void usersThatCannotBeUsedAreRefusedAtOnce() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").sandboxUsers("no-such-user").build())
                .withMessageContaining("there is no user no-such-user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").sandboxUsers("root").build())
                .withMessageContaining("superuser");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").sandboxUsers("--help").build())
                .withMessageContaining("not a user name");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder("true").sandboxUsers(USER).build())
                .withMessageContaining("cannot reach the work directory");
    }

    private static List<String> twoUnusedUsers() {
        ProcessTable table = ProcessTable.ofThisSystem();
        List<String> found =
                UNUSED.stream().filter(name -> isUnused(table, name)).limit(2).toList();
        assumeThat(found).as("users without processes").hasSize(2);
        return found;
    }

    private static boolean isUnused(ProcessTable table, String name) {
        try {
            int uid = SandboxUserFinder.find(name).uid();
            return table.processes().stream().noneMatch(row -> table.userOf(row.pid()) == uid);
        } catch (IllegalArgumentException missing) {
            return false;
        }
    }
}
