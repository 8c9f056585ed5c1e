package dev.errand.process;

import static dev.errand.process.LaunchRequests.aRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The profile of docs/launcher-guide.md works. */
class ScribeProfileTest extends AbstractLauncherTest {

    @Test
    void aRunIsCarriedOutByTheProgramOfTheProfile() throws Exception {
        Path scribe =
                Files.writeString(
                        directory.resolve("scribe"),
                        "#!/bin/sh\necho \"say: $1 $SCRIBE_KEY\"; cat; exit 3\n");
        Files.setPosixFilePermissions(scribe, PosixFilePermissions.fromString("rwx------"));
        ProcessLauncher launcher =
                open(
                        ProcessLauncher.builder(
                                        workDirectory(), new ScribeProfile(scribe.toString()))
                                .closeAction(CloseAction.STOP)
                                .host(
                                        Map.of(
                                                "PATH",
                                                System.getenv("PATH"),
                                                "SCRIBE_KEY",
                                                "sesame")));

        SandboxExit exit =
                runToEnd(
                        launcher,
                        aRequest()
                                .withPrompt("Write.\n")
                                .withState("{\"model\":\"m-1\",\"runtime_adapter\":\"scribe\"}")
                                .build());

        assertThat(exit.report().failure()).hasValue("failed: --model=m-1 sesame");
        assertThat(exit.output().orElseThrow()).contains("--model=m-1 sesame");
        assertThat(recorder.entries())
                .extracting(JsonText::text)
                .anyMatch(entry -> entry.contains("\"sessionUpdate\":\"agent_message\""))
                .anyMatch(entry -> entry.contains("Write."));
    }
}
