package dev.errand.internal.rules;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys under which objects are stored (contract H1). Clients and stores treat a key as opaque.
 *
 * @param folder what every key begins with: one or more segments, no slash at either end
 */
public record ObjectPaths(String folder) {

    /** The folder where a host names none (contract H1). */
    public static final String DEFAULT_FOLDER = "tasks";

    /**
     * The longest folder. With the longest project number and name a key then stays within the 500
     * characters that a {@code storage_path} may have (contract D8).
     */
    public static final int MAX_FOLDER_LENGTH = 64;

    private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*");
    private static final int SHORT_ID_LENGTH = 8;
    private static final Pattern OF_RUN =
            Pattern.compile(".*/artifacts/team_[0-9]+/task_([0-9a-f-]+)/run_([0-9a-f-]+)/[^/]+");

    /**
     * Checks the folder.
     *
     * @throws IllegalArgumentException if {@code folder} is longer than {@value #MAX_FOLDER_LENGTH}
     *     or not made of segments of ASCII letters, digits, {@code _} and {@code -} with single
     *     slashes between them
     */
    public ObjectPaths {
        if (folder.length() > MAX_FOLDER_LENGTH || !FOLDER.matcher(folder).matches()) {
            throw new IllegalArgumentException(
                    "folder must be segments of A-Z, a-z, 0-9, _ and - with single slashes between"
                            + " them, at most "
                            + MAX_FOLDER_LENGTH
                            + " characters: "
                            + folder);
        }
    }

    /** Keys in the {@linkplain #DEFAULT_FOLDER default folder}. */
    public static ObjectPaths defaults() {
        return new ObjectPaths(DEFAULT_FOLDER);
    }

    /**
     * The key of an artifact staged for a task (contract H1).
     *
     * @throws IllegalArgumentException if {@code safeName} is not safe as {@link SafeNames} says
     */
    public String staged(ProjectId project, TaskId task, ArtifactId id, String safeName) {
        return artifacts(project, task) + "/staged/" + id + "/" + checked(safeName);
    }

    /**
     * The key of an artifact uploaded, or copied, to a run, with the whole id in it (contract H1).
     *
     * @throws IllegalArgumentException if {@code safeName} is not safe as {@link SafeNames} says
     */
    public String runArtifact(
            ProjectId project, TaskId task, RunId run, ArtifactId id, String safeName) {
        return runPrefix(project, task, run) + id + "_" + checked(safeName);
    }

    /**
     * The older key of the same artifact, with eight digits of the id: accepted on finalize, never
     * issued, for two artifacts can share it (contract H1).
     *
     * @throws IllegalArgumentException if {@code safeName} is not safe as {@link SafeNames} says
     */
    public String shortRunArtifact(
            ProjectId project, TaskId task, RunId run, ArtifactId id, String safeName) {
        String shortId = id.value().substring(0, SHORT_ID_LENGTH);
        return runPrefix(project, task, run) + shortId + "_" + checked(safeName);
    }

    /** Whether a key was issued for an artifact staged for a task, with that id in it. */
    public boolean isStaged(ProjectId project, TaskId task, Reservation issued) {
        return issued.storagePath()
                .startsWith(artifacts(project, task) + "/staged/" + issued.id() + "/");
    }

    /** Whether a key was issued for an artifact uploaded to a run, with that id in it. */
    public boolean isOfRun(ProjectId project, TaskId task, RunId run, Reservation issued) {
        return issued.storagePath().startsWith(runPrefix(project, task, run) + issued.id() + "_");
    }

    /** Whose a key is, in whatever folder; empty if it is not a run's. */
    public static Optional<Owner> ownerOf(String key) {
        Matcher parts = OF_RUN.matcher(key);
        return parts.matches()
                ? TaskId.parse(parts.group(1))
                        .flatMap(
                                task ->
                                        RunId.parse(parts.group(2))
                                                .map(run -> new Owner(task, run)))
                : Optional.empty();
    }

    /**
     * The run that an object was uploaded to.
     *
     * @param task its task
     * @param run the run
     */
    public record Owner(TaskId task, RunId run) {

        /** Refuses null. */
        public Owner {
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(run, "run");
        }
    }

    /** The key of a run's log (contract H1). */
    public String runLog(ProjectId project, TaskId task, RunId run) {
        return folder + "/logs/team_" + project + "/task_" + task + "/run_" + run + ".jsonl";
    }

    private String runPrefix(ProjectId project, TaskId task, RunId run) {
        return artifacts(project, task) + "/run_" + run + "/";
    }

    private String artifacts(ProjectId project, TaskId task) {
        return folder + "/artifacts/team_" + project + "/task_" + task;
    }

    private static String checked(String safeName) {
        if (!SafeNames.of(safeName).equals(safeName)) {
            throw new IllegalArgumentException("safeName is not safe: " + safeName);
        }
        return safeName;
    }
}
