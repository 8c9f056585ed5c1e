package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationChange;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.StoredRun;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Broken stores of conversations. */
final class ConversationStoreMutants {

    private ConversationStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(Part.PORT, W6, "find", "ignores the project", Defects.anyProject()),
            mutant(Part.PORT, W5, "find", "always returns its first result", Defects.alwaysFirstResult(2)),
            mutant(Part.PORT, W6, "getOrCreate", "ignores the project", Defects.anyProject()),
            mutant(Part.PORT, W5, "getOrCreate", "returns the new id every time", ConversationStoreMutants::withNewId),
            mutant(Part.PORT, W6, "replace", "ignores the project", Defects.anyProject()),
            mutant(Part.PORT, W1, "replace", "does not compare the content", ConversationStoreMutants::comparesNothing),
            mutant(Part.PORT, W4, "replace", "accepts an earlier attempt", ConversationStoreMutants::ofCurrentAttempt),
            mutant(Part.RULE, W1, "replace", "the content that the writer last saw is ignored", ConversationStoreMutants::comparesNothing));
    // spotless:on

    private static Mutant mutant(
            Part part, FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(part, failureMode, ConversationStore.class, method, name, defect);
    }

    private static Object withNewId(Call call) {
        UUID newId = call.argument(3);
        return ((Optional<?>) call.proceed())
                .map(found -> new Conversation(newId, ((Conversation) found).content()));
    }

    private static Object comparesNothing(Call call) {
        ConversationChange change = call.argument(1);
        SandboxId writer = change.writer();
        Optional<String> current =
                call.backend()
                        .conversations()
                        .find(call.argument(0), writer.task(), writer.run())
                        .flatMap(Conversation::sha256);
        return call.proceedWith(
                1, new ConversationChange(writer, current, change.reservation(), change.content()));
    }

    private static Object ofCurrentAttempt(Call call) {
        ConversationChange change = call.argument(1);
        SandboxId writer = change.writer();
        SandboxId current =
                call.backend()
                        .runs()
                        .find(call.argument(0), writer.task(), writer.run())
                        .map(StoredRun::run)
                        .map(SandboxId::of)
                        .orElse(writer);
        return call.proceedWith(
                1,
                new ConversationChange(
                        current, change.expectedSha256(), change.reservation(), change.content()));
    }
}
