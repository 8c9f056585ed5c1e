package dev.errand.task;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import java.util.Optional;

/** What a relationship to a signal report needs in the same request (contract E7). */
final class ReportRules {

    private static final String ATTR = "signal_report_task_relationship";

    private ReportRules() {}

    static void check(
            boolean hasReport,
            Optional<ReportRelationship> relationship,
            Optional<OriginProduct> origin) {
        if (relationship.isEmpty()) {
            return;
        }
        if (!hasReport) {
            throw refused("Requires signal_report when set.");
        }
        if (!origin.equals(Optional.of(OriginProduct.SIGNAL_REPORT))) {
            throw refused("Requires origin_product signal_report when set.");
        }
    }

    private static InvalidRequestException refused(String detail) {
        return InvalidRequestException.of(Violation.of(ErrorCode.INVALID_INPUT, ATTR, detail));
    }
}
