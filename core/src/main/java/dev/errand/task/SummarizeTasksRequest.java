package dev.errand.task;

import dev.errand.json.Members;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.UUID;

/**
 * A request for what a list shows of some tasks (contract I14).
 *
 * @param ids the tasks, at least one
 */
public record SummarizeTasksRequest(
        @NotEmpty @Size(max = SummarizeTasksRequest.MAX_IDS) List<UUID> ids) {

    /** How many tasks one request may name (contract I14). */
    public static final int MAX_IDS = 5_000;

    private static final Members<SummarizeTasksRequest> MEMBERS =
            Members.of(SummarizeTasksRequest.class, MethodHandles.lookup());

    /**
     * Checks the member.
     *
     * @throws dev.errand.error.InvalidRequestException if it is not valid
     */
    public SummarizeTasksRequest {
        ids = List.copyOf(ids);
        MEMBERS.check(ids);
    }
}
