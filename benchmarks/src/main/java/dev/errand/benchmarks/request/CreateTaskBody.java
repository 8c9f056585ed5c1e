package dev.errand.benchmarks.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;

/**
 * The body of {@code POST tasks/} for the baselines, bound by Jackson; absent members are null. The
 * baseline with Hibernate Validator uses the annotations, the hand-written one {@link #problems}.
 */
public record CreateTaskBody(
        @Size(max = 255) @Pattern(regexp = HandChecks.NO_NUL) String title,
        Boolean titleManuallySet,
        @Pattern(regexp = HandChecks.NO_NUL) String description,
        OriginProduct originProduct,
        @Size(max = 255) @Pattern(regexp = "[^/\0]+/[^/\0]+|") String repository,
        Long githubIntegration,
        UUID githubUserIntegration,
        UUID signalReport,
        ReportRelationship signalReportTaskRelationship,
        JsonNode jsonSchema,
        Boolean internal,
        @Pattern(regexp = HandChecks.NO_NUL) String ciPrompt) {

    /** Trims texts. */
    public CreateTaskBody {
        title = HandChecks.strip(title);
        description = HandChecks.strip(description);
        repository = HandChecks.strip(repository);
        ciPrompt = HandChecks.strip(ciPrompt);
    }

    /** Checks the rules by hand. Returns the problems, or null if there are none. */
    List<String> problems() {
        List<String> problems = null;
        problems = HandChecks.text("title", title, 255, true, problems);
        problems = HandChecks.text("description", description, Integer.MAX_VALUE, true, problems);
        problems = HandChecks.text("repository", repository, 255, true, problems);
        if (repository != null && !isRepository(repository)) {
            problems = HandChecks.add("repository", "form", problems);
        }
        problems = HandChecks.text("ci_prompt", ciPrompt, Integer.MAX_VALUE, true, problems);
        return isRelationshipMeant()
                ? problems
                : HandChecks.add("signal_report_task_relationship", "report", problems);
    }

    private static boolean isRepository(String name) {
        int slash = name.indexOf('/');
        return name.isEmpty()
                || slash > 0 && slash == name.lastIndexOf('/') && slash < name.length() - 1;
    }

    /** Returns whether the rule between members holds. */
    @AssertTrue
    boolean isRelationshipMeant() {
        return signalReportTaskRelationship == null
                || signalReport != null && originProduct == OriginProduct.SIGNAL_REPORT;
    }
}
