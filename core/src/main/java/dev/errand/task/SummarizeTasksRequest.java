package dev.errand.task;

import dev.errand.internal.json.Lists;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;

/**
 * A request for the tasks with the given ids (docs/wire/tasks.md#i14).
 *
 * @param ids the tasks, at least one
 */
public record SummarizeTasksRequest(
        @NotEmpty @Size(max = SummarizeTasksRequest.MAX_IDS) List<@NotNull UUID> ids) {

    /** How many tasks one request may name (docs/wire/tasks.md#i14). */
    public static final int MAX_IDS = 5_000;

    /** Copies lists. */
    public SummarizeTasksRequest {
        ids = Lists.copyOf(ids);
    }
}
