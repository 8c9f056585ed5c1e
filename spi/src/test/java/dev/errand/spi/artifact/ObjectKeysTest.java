package dev.errand.spi.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.ProjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeysTest {

    private static final String FOLDER = "tasks/artifacts/team_7/task_6f1c/staged/9f86/";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "tasks/logs/team_7/task_6f1c/run_2b1e.jsonl",
                FOLDER + "50% of it, näm­lich \uD83D\uDE80.pdf",
                FOLDER + "...",
                FOLDER + " ",
                FOLDER + "a:b*c?d\"e<f>g|h",
            })
    void anUnambiguousKeyIsWellFormed(String key) {
        assertThat(ObjectKeys.isWellFormed(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/team_7/a",
                "team_7/a/",
                "team_7//a",
                "team_7/./a",
                "team_7/../team_8/a",
                "team_7/..",
                "team_7/a\\..\\b",
                "team_7/a\0b",
                "team_7/a\nb",
                "team_7/a\u007Fb",
                "team_7/a\u0085b",
                "team_7/a\uD83D",
                "team_7/\uDE80\uD83D",
            })
    void anAmbiguousKeyIsNotWellFormed(String key) {
        assertThat(ObjectKeys.isWellFormed(key)).isFalse();
        assertThat(ObjectKeys.projectOf(key)).isEmpty();
    }

    @Test
    void theLengthIsBounded() {
        String longest = "team_7/" + "x".repeat(ObjectKeys.MAX_LENGTH - 7);

        assertThat(ObjectKeys.isWellFormed(longest)).isTrue();
        assertThat(ObjectKeys.isWellFormed(longest + "x")).isFalse();
    }

    @Test
    void theFirstTeamSegmentDecides() {
        assertThat(ObjectKeys.projectOf(FOLDER + "team_8")).contains(ProjectId.of(7));
        assertThat(ObjectKeys.projectOf("team_files/artifacts/team_7/a")).contains(ProjectId.of(7));
        assertThat(ObjectKeys.projectOf("tasks/team_9223372036854775807/a"))
                .contains(ProjectId.of(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "team_/a",
                "team_07/a",
                "team_-7/a",
                "team_7 /a",
                "Team_7/a",
                "xteam_7/a",
                "team_9223372036854775808/a",
                "team_٧/a",
            })
    void aSimilarSegmentIsNoTeamSegment(String key) {
        assertThat(ObjectKeys.projectOf(key)).isEmpty();
    }

    @Test
    void aKeyOfAnotherProjectIsRejected() {
        String key = FOLDER + "spec.pdf";

        assertThat(ObjectKeys.requireBelongsTo(ProjectId.of(7), key)).isEqualTo(key);
        assertThat(ObjectKeys.belongsTo(ProjectId.of(8), key)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectKeys.requireBelongsTo(ProjectId.of(8), key))
                .withMessageContaining("team_8");
    }
}
