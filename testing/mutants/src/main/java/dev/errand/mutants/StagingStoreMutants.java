package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.store.StagingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Broken staging stores. */
final class StagingStoreMutants {

    private StagingStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W5, "reserve", "reserves only the first artifact", StagingStoreMutants::firstOnly),
            mutant(W3, "reserve", "reserves for a year", StagingStoreMutants::forAYear),
            mutant(W6, "findReservation", "ignores the project", Defects.anyProject()),
            mutant(W5, "findReservation", "does not find the reservation of a staged artifact", StagingStoreMutants::unlessStaged),
            mutant(W5, "stage", "stages some artifacts although others are missing", StagingStoreMutants::oneByOne),
            mutant(W5, "stage", "never reports missing reservations", StagingStoreMutants::nothingMissing),
            mutant(W5, "stage", "keeps the first staged version", StagingStoreMutants::keepsTheFirst),
            mutant(W6, "find", "ignores the project", Defects.anyProject()),
            mutant(W6, "find", "returns the artifacts in reverse order", Defects.backwards()),
            mutant(W5, "find", "finds no artifacts if one is missing", StagingStoreMutants::allOrNothing));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, StagingStore.class, method, name, defect);
    }

    private static Object firstOnly(Call call) {
        return call.proceedWith(1, call.<List<Reservation>>argument(1).subList(0, 1));
    }

    private static Object forAYear(Call call) {
        return call.proceedWith(
                1,
                call.<List<Reservation>>argument(1).stream()
                        .map(
                                it ->
                                        new Reservation(
                                                it.task(),
                                                it.id(),
                                                it.storagePath(),
                                                it.expiresAt().plusSeconds(365 * 86_400)))
                        .toList());
    }

    private static Object unlessStaged(Call call) {
        ArtifactId id = call.argument(2);
        boolean staged =
                !call.backend()
                        .staging()
                        .find(call.argument(0), call.argument(1), List.of(id))
                        .isEmpty();
        return staged ? Optional.empty() : call.proceed();
    }

    private static Object oneByOne(Call call) {
        List<Object> missing = new ArrayList<>();
        for (StagedArtifact one : call.<List<StagedArtifact>>argument(1)) {
            missing.addAll((List<?>) call.proceedWith(1, List.of(one)));
        }
        return missing;
    }

    private static Object nothingMissing(Call call) {
        call.proceed();
        return List.of();
    }

    static Object keepsTheFirst(Call call) {
        List<StagedArtifact> fresh =
                call.<List<StagedArtifact>>argument(1).stream()
                        .filter(
                                it ->
                                        call.backend()
                                                .staging()
                                                .find(
                                                        call.argument(0),
                                                        it.task(),
                                                        List.of(it.artifact().id()))
                                                .isEmpty())
                        .toList();
        return call.proceedWith(1, fresh);
    }

    private static Object allOrNothing(Call call) {
        List<?> found = (List<?>) call.proceed();
        return found.size() == call.<List<?>>argument(2).size() ? found : List.of();
    }
}
