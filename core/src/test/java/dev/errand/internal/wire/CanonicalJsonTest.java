package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.request.Patch;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.ExecutionMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void membersAreInAlphabeticalOrderAndAbsentOnesAreOmitted() {
        assertThat(
                        canonical(
                                RunTaskRequest.builder()
                                        .mode(ExecutionMode.INTERACTIVE)
                                        .pendingUserMessage("Go on.")
                                        .branch("main")
                                        .pendingUserArtifactIds(List.of("b", "a"))
                                        .build()))
                .isEqualTo(
                        "{\"branch\":\"main\",\"mode\":\"interactive\","
                                + "\"pending_user_artifact_ids\":[\"b\",\"a\"],"
                                + "\"pending_user_message\":\"Go on.\"}");
    }

    @Test
    void defaultsAreOmitted() {
        for (Requests request : List.of(Requests.RUN_TASK, Requests.CREATE_RUN)) {
            assertThat(canonical(request.read("{}"))).isEqualTo("{}");
        }
        assertThat(canonical(Requests.CREATE_RUN.read("{\"environment\": \"cloud\"}")))
                .isEqualTo("{\"environment\":\"cloud\"}");
    }

    @Test
    void secretsAreIncluded() {
        assertThat(canonical(RunTaskRequest.builder().githubUserToken("ghp_1").build()))
                .isEqualTo("{\"github_user_token\":\"ghp_1\"}");
    }

    @Test
    void aClearedMemberIsNullAndAnEmptyTextIsKept() {
        assertThat(
                        canonical(
                                UpdateRunRequest.builder()
                                        .clearBranch()
                                        .errorMessage("")
                                        .output(JsonText.of("{\"b\":1.10,\"a\":[]}"))
                                        .build()))
                .isEqualTo(
                        "{\"branch\":null,\"error_message\":\"\","
                                + "\"output\":{\"b\":1.10,\"a\":[]}}");
    }

    private record Before(Optional<String> title, Patch<String> branch) {}

    private record After(
            Optional<String> added,
            Patch<String> alsoAdded,
            @JsonProperty(defaultValue = "\"background\"") ExecutionMode mode,
            @JsonProperty(defaultValue = "[]") List<String> ids,
            Patch<String> branch,
            Optional<String> title) {}

    @Test
    void addedOptionalMembersDoNotChangeTheCanonicalForm() {
        String before = canonical(new Before(Optional.of("t"), Patch.set("b")));
        String after =
                canonical(
                        new After(
                                Optional.empty(),
                                Patch.absent(),
                                ExecutionMode.BACKGROUND,
                                List.of(),
                                Patch.set("b"),
                                Optional.of("t")));
        assertThat(after).isEqualTo(before).isEqualTo("{\"branch\":\"b\",\"title\":\"t\"}");
    }

    private static String canonical(Record request) {
        return new String(CanonicalJson.of(request), StandardCharsets.UTF_8);
    }
}
