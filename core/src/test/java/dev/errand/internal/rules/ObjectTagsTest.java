package dev.errand.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectTagsTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @Test
    void aStagedObjectLivesForADay() {
        assertThat(ObjectTags.staged(PROJECT)).isEqualTo(Map.of("ttl_days", "1", "team_id", "7"));
    }

    @Test
    void anObjectOnARunLivesForThirtyDays() {
        assertThat(ObjectTags.onRun(PROJECT)).isEqualTo(Map.of("ttl_days", "30", "team_id", "7"));
    }

    @Test
    void theLifetimesAreThoseOfTheContract() {
        assertThat(ObjectTags.UPLOAD_FORM_LIFETIME).isEqualTo(Duration.ofHours(1));
        assertThat(ObjectTags.STAGED_LIFETIME).isEqualTo(Duration.ofDays(1));
    }
}
