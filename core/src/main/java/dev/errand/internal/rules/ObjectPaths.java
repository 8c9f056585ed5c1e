package dev.errand.internal.rules;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of objects (docs/wire/artifacts.md#h1). Clients and object stores treat a key as opaque.
 *
 * @param folder the prefix of every key: one or more segments, without a slash at either end
 */
public record ObjectPaths(String folder) {

    /** The default folder (docs/wire/artifacts.md#h1). */
    public static final String DEFAULT_FOLDER = "tasks";

    /**
     * The maximum length of the folder. A key with the longest project number and file name has
     * then at most 500 characters, the limit of {@code storage_path} (docs/wire/artifacts.md#d8).
     */
    public static final int MAX_FOLDER_LENGTH = 64;

    private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*");
    private static final int SHORT_ID_LENGTH = 8;

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

    /** Returns the keys in the {@linkplain #DEFAULT_FOLDER default folder}. */
    public static ObjectPaths defaults() {
        return new ObjectPaths(DEFAULT_FOLDER);
    }

    /**
     * Returns the key of an artifact that is staged for a task.
     *
     * @throws IllegalArgumentException if {@code safeName} is not a result of {@link SafeNames}
     */
    public String staged(ProjectId project, TaskId task, ArtifactId id, String safeName) {
        return artifacts(project, task) + "/staged/" + id + "/" + checked(safeName);
    }

    /**
     * Returns the key of an artifact of a run, which contains the whole artifact id.
     *
     * @throws IllegalArgumentException if {@code safeName} is not a result of {@link SafeNames}
     */
    public String runArtifact(
            ProjectId project, TaskId task, RunId run, ArtifactId id, String safeName) {
        return runPrefix(project, task, run) + id + "_" + checked(safeName);
    }

    /**
     * Returns the key that upstream servers use for the same artifact, which contains eight digits
     * of the id. It is accepted but not issued, because two artifacts can have the same short key.
     *
     * @throws IllegalArgumentException if {@code safeName} is not a result of {@link SafeNames}
     */
    public String shortRunArtifact(
            ProjectId project, TaskId task, RunId run, ArtifactId id, String safeName) {
        String shortId = id.value().substring(0, SHORT_ID_LENGTH);
        return runPrefix(project, task, run) + shortId + "_" + checked(safeName);
    }

    /** Returns whether a key was issued for an artifact that is staged for a task. */
    public boolean isStaged(ProjectId project, TaskId task, Reservation issued) {
        return issued.storagePath()
                .startsWith(artifacts(project, task) + "/staged/" + issued.id() + "/");
    }

    /** Returns whether a key was issued for an artifact of a run. */
    public boolean isOfRun(ProjectId project, TaskId task, RunId run, Reservation issued) {
        return issued.storagePath().startsWith(runPrefix(project, task, run) + issued.id() + "_");
    }

    /** Returns the task that the key of an artifact belongs to. Empty for any other key. */
    public Optional<TaskId> taskOf(ProjectId project, String key) {
        String prefix = folder + "/artifacts/team_" + project + "/task_";
        int end = key.indexOf('/', Math.min(prefix.length(), key.length()));
        return key.startsWith(prefix) && end > 0
                ? TaskId.parse(key.substring(prefix.length(), end))
                : Optional.empty();
    }

    /** Returns the key of the log of a run. */
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
