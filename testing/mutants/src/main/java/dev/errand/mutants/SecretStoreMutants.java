package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.store.SecretStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Broken secret stores. */
final class SecretStoreMutants {

    private SecretStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, "put", "drops the other names", SecretStoreMutants::replacesAll),
            mutant(W5, "put", "keeps the first secret of a name", SecretStoreMutants::keepsTheFirst),
            mutant(W3, "put", "keeps secrets for a year", SecretStoreMutants::keepsForAYear),
            mutant(W6, "find", "ignores the project", Defects.anyProject()),
            mutant(W3, "find", "always returns its first result", Defects.alwaysFirstResult(1)),
            mutant(W2, "find", "finds nothing after a restart", call -> call.restarts() == 0 ? call.proceed() : Map.of()),
            mutant(W3, "erase", "erases nothing", call -> null),
            mutant(W6, "erase", "ignores the project", SecretStoreMutants::erasesEverywhere));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, SecretStore.class, method, name, defect);
    }

    private static Object replacesAll(Call call) {
        call.backend().secrets().erase(call.argument(0), call.argument(1));
        return call.proceed();
    }

    private static Object keepsTheFirst(Call call) {
        Map<String, Secret> kept = new HashMap<>(call.<Map<String, Secret>>argument(2));
        kept.putAll(call.backend().secrets().find(call.argument(0), call.argument(1)));
        return call.proceedWith(2, kept);
    }

    private static Object keepsForAYear(Call call) {
        return call.proceedWith(3, call.<Instant>argument(3).plus(Duration.ofDays(365)));
    }

    private static Object erasesEverywhere(Call call) {
        for (long project : List.of(7L, 8L)) {
            call.proceedWith(0, ProjectId.of(project));
        }
        return null;
    }
}
