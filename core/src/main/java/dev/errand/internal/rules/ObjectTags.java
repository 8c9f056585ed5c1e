package dev.errand.internal.rules;

import dev.errand.spi.ProjectId;
import java.time.Duration;
import java.util.Map;

/**
 * The lifetimes of uploads, and the tags by which an object store expires them
 * (docs/wire/artifacts.md#h7).
 */
public final class ObjectTags {

    /** The validity of an upload form. */
    public static final Duration UPLOAD_FORM_LIFETIME = Duration.ofSeconds(3600);

    /** The time during which a run can use a staged artifact. Finalizing it again restarts it. */
    public static final Duration STAGED_LIFETIME = Duration.ofHours(24);

    /** The lifetime of the object of a staged artifact, in days. */
    public static final int STAGED_TTL_DAYS = 1;

    /** The lifetime of an object of a run, in days. */
    public static final int RUN_TTL_DAYS = 30;

    /** The tag with the lifetime, which lifecycle rules of the store match. */
    public static final String TTL_DAYS = "ttl_days";

    /** The tag with the project; {@code team} is the wire's word for a project. */
    public static final String TEAM_ID = "team_id";

    private ObjectTags() {}

    /** Returns the tags of a staged object. */
    public static Map<String, String> staged(ProjectId project) {
        return tags(project, STAGED_TTL_DAYS);
    }

    /** Returns the tags of an object that belongs to a run. */
    public static Map<String, String> onRun(ProjectId project) {
        return tags(project, RUN_TTL_DAYS);
    }

    private static Map<String, String> tags(ProjectId project, int ttlDays) {
        return Map.of(TTL_DAYS, Integer.toString(ttlDays), TEAM_ID, project.toString());
    }
}
