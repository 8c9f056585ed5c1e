package dev.errand.internal.rules;

import dev.errand.spi.ProjectId;
import java.time.Duration;
import java.util.Map;

/** How long uploads live, and the tags that tell a store so (contract H7). */
public final class ObjectTags {

    /** How long an upload form works. */
    public static final Duration UPLOAD_FORM_LIFETIME = Duration.ofSeconds(3600);

    /** How long a finalised staged artifact waits for a run; finalising again renews it. */
    public static final Duration STAGED_LIFETIME = Duration.ofHours(24);

    /** How many days the object of a staged artifact is kept. */
    public static final int STAGED_TTL_DAYS = 1;

    /** How many days an object on a run, and a log, is kept. */
    public static final int RUN_TTL_DAYS = 30;

    /** The tag by which a rule of the store deletes. */
    public static final String TTL_DAYS = "ttl_days";

    /** The tag that names the project. */
    public static final String TEAM_ID = "team_id";

    private ObjectTags() {}

    /** The tags of a staged object at finalize (contract H7). */
    public static Map<String, String> staged(ProjectId project) {
        return tags(project, STAGED_TTL_DAYS);
    }

    /** The tags of an object once on a run or uploaded to one, and of a log (contract H7). */
    public static Map<String, String> onRun(ProjectId project) {
        return tags(project, RUN_TTL_DAYS);
    }

    private static Map<String, String> tags(ProjectId project, int ttlDays) {
        return Map.of(TTL_DAYS, Integer.toString(ttlDays), TEAM_ID, project.toString());
    }
}
