package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.agents.SessionUpdates.PlanStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The plan of Claude Code. The program replaces it as a whole ({@code TodoWrite}) or changes one
 * step at a time ({@code TaskCreate}, {@code TaskUpdate}). Not thread-safe.
 */
final class ClaudePlan {

    private static final int MAX_STEPS = 1000;

    private final Map<String, PlanStep> steps = new LinkedHashMap<>();

    /** Returns the whole plan that a tool call contains. */
    static List<PlanStep> of(JsonNode todos) {
        List<PlanStep> plan = new ArrayList<>();
        for (JsonNode todo : todos) {
            plan.add(
                    new PlanStep(
                            todo.path("content").asText(), status(todo.path("status").asText())));
        }
        return plan;
    }

    /** Applies the structured result of a tool. Returns whether the plan has changed. */
    boolean apply(JsonNode result) {
        JsonNode created = result.path("task");
        if (created.path("id").isTextual() && created.path("subject").isTextual()) {
            if (steps.size() < MAX_STEPS) {
                steps.put(
                        created.path("id").asText(),
                        new PlanStep(created.path("subject").asText(), "pending"));
            }
            return true;
        }
        String id = result.path("taskId").asText("");
        String status = result.path("statusChange").path("to").asText("");
        PlanStep step = steps.get(id);
        if (step == null || status.isEmpty()) {
            return false;
        }
        if (status.equals("deleted")) {
            steps.remove(id);
        } else {
            steps.put(id, new PlanStep(step.content(), status(status)));
        }
        return true;
    }

    List<PlanStep> steps() {
        return List.copyOf(steps.values());
    }

    private static String status(String status) {
        return switch (status) {
            case "in_progress", "completed" -> status;
            default -> "pending";
        };
    }
}
