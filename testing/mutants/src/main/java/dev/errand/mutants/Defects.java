package dev.errand.mutants;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.TaskUpdateResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Defects that many methods can have. */
final class Defects {

    /** Every project of the contract tests is one of the first. */
    private static final long PROJECTS = 10;

    private Defects() {}

    /** The method does not look at the project: it answers with what any project has. */
    static Mutant.Defect anyProject() {
        return call ->
                LongStream.rangeClosed(1, PROJECTS)
                        .mapToObj(ProjectId::of)
                        .map(project -> call.proceedWith(0, project))
                        .filter(answer -> !isNothing(answer))
                        .findFirst()
                        .orElseGet(call::proceed);
    }

    private static boolean isNothing(Object answer) {
        return answer.equals(Optional.empty())
                || answer.equals(false)
                || answer instanceof Collection<?> all && all.isEmpty()
                || answer instanceof Map<?, ?> map && map.isEmpty()
                || answer instanceof TaskUpdateResult.NotFound
                || answer instanceof RunUpdateResult.NotFound
                || answer instanceof RunUpdateResult.LeaseLost
                || answer instanceof RunInsertResult.TaskNotFound;
    }

    /** The method does not look at the key, so that a repetition is a new request. */
    static Mutant.Defect keyForgotten(int index) {
        return call -> call.proceedWith(index, Optional.empty());
    }

    /** The method takes any request under a used key for the repetition of the first. */
    static Mutant.Defect requestNotCompared(int index) {
        return call ->
                call.proceedWith(
                        index, call.<Optional<Idempotency>>given(index).map(Defects::likeAnyOther));
    }

    /** The method keeps the keys of all callers in one heap. */
    static Mutant.Defect callerNotCompared(int index) {
        return call ->
                call.proceedWith(
                        index,
                        call.<Optional<Idempotency>>given(index)
                                .map(
                                        it ->
                                                new Idempotency(
                                                        "anybody",
                                                        it.operation(),
                                                        it.key(),
                                                        it.requestHash())));
    }

    private static Idempotency likeAnyOther(Idempotency key) {
        return new Idempotency(key.caller(), key.operation(), key.key(), "the same");
    }

    /** The method remembers its first answer about a thing, and gives it for ever. */
    static Mutant.Defect firstAnswerForEver(int index) {
        return call -> {
            Object answer = call.proceed();
            return isNothing(answer)
                    ? answer
                    : call.memory().computeIfAbsent(call.given(index), thing -> answer);
        };
    }

    /** The method answers a list from its end. */
    static Mutant.Defect backwards() {
        return call -> reversed((List<?>) call.proceed());
    }

    static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return List.copyOf(reversed);
    }
}
