package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.agents.AgentReadiness.NotReady;
import dev.errand.agents.AgentReadiness.Ready;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentReadinessTest {

    @TempDir Path directory;

    private AgentReadiness check(Map<String, String> host) {
        return AgentReadiness.check(new ClaudeProfile(ProfileOptions.DEFAULT), host);
    }

    private Map<String, String> withKey() {
        return Map.of("ANTHROPIC_API_KEY", "sk-planted", "PATH", "::" + directory);
    }

    private void program(String script) throws Exception {
        Path file = Files.writeString(directory.resolve("claude"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void a_program_with_a_version_and_a_credential_is_ready() throws Exception {
        program("[ \"$1\" = --version ] && echo '2.1.332 (Claude Code)'");
        assertThat(check(withKey())).isEqualTo(new Ready("2.1.332"));
    }

    @Test
    void a_missing_credential_is_reported_before_the_program_is_started() throws Exception {
        program("touch '" + directory + "/started'");
        assertThat(check(Map.of("PATH", directory.toString())))
                .isInstanceOfSatisfying(
                        NotReady.class,
                        answer -> assertThat(answer.message()).contains("ANTHROPIC_API_KEY"));
        assertThat(directory.resolve("started")).doesNotExist();
    }

    @Test
    void a_missing_program_is_reported() {
        assertThat(check(withKey()))
                .isInstanceOfSatisfying(
                        NotReady.class,
                        answer ->
                                assertThat(answer.message())
                                        .contains("claude", "not found")
                                        .doesNotContain("sk-planted"));
    }

    @Test
    void another_program_of_that_name_is_reported_with_what_it_printed() throws Exception {
        program("echo 'a sound studio 7'; exit 1");
        assertThat(check(withKey()))
                .isInstanceOfSatisfying(
                        NotReady.class,
                        answer -> assertThat(answer.message()).contains("a sound studio 7"));
    }

    @Test
    void the_program_gets_no_credential_for_its_version() throws Exception {
        program("env | grep -c KEY; echo '(Claude Code)'");
        assertThat(check(withKey()))
                .isInstanceOfSatisfying(
                        NotReady.class, answer -> assertThat(answer.message()).contains("\"0\n"));
    }
}
