package dev.errand.process;

import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import org.junit.jupiter.api.Test;

/** Collecting the results of an agent. */
class ResultCollectorTest extends AbstractLauncherTest {

    @Test
    void outputAboveTheLimitIsAProblem() throws Exception {
        SandboxExit exit =
                runToEnd(
                        open(
                                builder("printf 12345678901 > $ERRAND_OUTPUT_FILE")
                                        .maxOutputBytes(10)),
                        aRequest().build());

        assertThat(exit.output()).isEmpty();
        assertThat(exit.problem()).hasValue("the output is 11 bytes long, the limit is 10 bytes");
    }

    @Test
    void outputAtTheLimitIsCollected() throws Exception {
        SandboxExit exit =
                runToEnd(
                        open(builder("printf 1234567890 > $ERRAND_OUTPUT_FILE").maxOutputBytes(10)),
                        aRequest().build());

        assertThat(exit.output()).hasValue("1234567890");
        assertThat(exit.problem()).isEmpty();
    }

    @Test
    void outputThatIsALinkOrAPipeIsAProblem() throws Exception {
        for (String script :
                new String[] {
                    "ln -s /etc/passwd $ERRAND_OUTPUT_FILE",
                    "mkfifo $ERRAND_OUTPUT_FILE",
                    "mkdir $ERRAND_OUTPUT_FILE"
                }) {
            RecordingListener listener = new RecordingListener();
            try (ProcessLauncher launcher = builder(script).build()) {
                var request = aRequest().build();
                launcher.launch(LaunchRequests.PROJECT, request, listener);
                listener.awaitEnd();

                SandboxExit exit = exit(launcher, request.sandbox());

                assertThat(exit.output()).isEmpty();
                assertThat(exit.problem()).hasValue("the output is not a regular file");
            }
        }
    }

    @Test
    void artifactsAreNamedAndOrderedByTheirPath() throws Exception {
        SandboxExit exit =
                runToEnd(
                        launcher(
                                """
                                cd "$ERRAND_ARTIFACTS_DIR"
                                mkdir -p report/parts empty
                                echo '{}' > report/parts/2.json
                                echo x > report/parts/1.unknown
                                echo x > .hidden
                                echo x > z.txt
                                """),
                        aRequest().build());

        assertThat(exit.problem()).isEmpty();
        assertThat(exit.artifacts())
                .extracting(OutputArtifact::name, OutputArtifact::contentType)
                .containsExactly(
                        tuple(".hidden", ""),
                        tuple("report/parts/1.unknown", ""),
                        tuple("report/parts/2.json", "application/json"),
                        tuple("z.txt", "text/plain"));
    }

    @Test
    void linksAndPipesAreNotCollected() throws Exception {
        SandboxExit exit =
                runToEnd(
                        launcher(
                                """
                                cd "$ERRAND_ARTIFACTS_DIR"
                                ln -s /etc/passwd passwords
                                ln -s /etc etc
                                ln "$ERRAND_PROMPT_FILE" kept
                                mkfifo pipe
                                """),
                        aRequest().build());

        assertThat(exit.artifacts()).extracting(OutputArtifact::name).containsExactly("kept");
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.notes())
                .singleElement()
                .asString()
                .startsWith("3 artifacts left out, not regular files, or nested too deeply: ")
                .contains("etc", "passwords", "pipe");
    }

    @Test
    void linkedArtifactsDirectoryIsNotFollowed() throws Exception {
        SandboxExit exit =
                runToEnd(
                        launcher("rmdir $ERRAND_ARTIFACTS_DIR; ln -s /etc $ERRAND_ARTIFACTS_DIR"),
                        aRequest().build());

        assertThat(exit.artifacts()).isEmpty();
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.notes())
                .containsExactly(
                        "all artifacts left out, their directory was replaced by another file");
    }

    @Test
    void artifactsAboveTheLimitsAreNoted() throws Exception {
        SandboxExit exit =
                runToEnd(
                        open(
                                builder(
                                                """
                                                cd "$ERRAND_ARTIFACTS_DIR"
                                                for n in 1 2 3 4 5; do echo $n > $n; done
                                                echo too much > big
                                                """)
                                        .maxArtifacts(3)
                                        .maxArtifactBytes(4)),
                        aRequest().build());

        assertThat(exit.artifacts())
                .extracting(OutputArtifact::name)
                .containsExactly("1", "2", "3");
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.notes())
                .containsExactly(
                        "1 artifacts left out, larger than 4 bytes: big",
                        "2 artifacts left out, beyond the first 3: 5, 4");
    }

    @Test
    void onlyTheFirstSkippedArtifactsAreListed() throws Exception {
        SandboxExit exit =
                runToEnd(
                        open(
                                builder("cd $ERRAND_ARTIFACTS_DIR; seq 1 2000 | xargs touch")
                                        .maxArtifacts(10)),
                        aRequest().build());

        assertThat(exit.artifacts()).hasSize(10);
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.notes().get(0))
                .startsWith("1990 artifacts left out")
                .endsWith("…")
                .hasSizeLessThan(200);
    }

    @Test
    void agentMayLeaveNoResults() throws Exception {
        SandboxExit exit = runToEnd(launcher("rm -rf $ERRAND_ARTIFACTS_DIR"), aRequest().build());

        assertThat(exit.output()).isEmpty();
        assertThat(exit.artifacts()).isEmpty();
        assertThat(exit.problem()).isEmpty();
        assertThat(exit.notes()).isEmpty();
        assertThat(exit.lastLines()).isEmpty();
    }
}
