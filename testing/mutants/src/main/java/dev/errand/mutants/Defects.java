package dev.errand.mutants;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.ConversationResult;
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

    /** The contract tests use projects 1 to 10 only. */
    private static final long PROJECTS = 10;

    private Defects() {}

    /** The method ignores the project: it returns the first result that any project has. */
    static Mutant.Defect anyProject() {
        return call ->
                LongStream.rangeClosed(1, PROJECTS)
                        .mapToObj(ProjectId::of)
                        .map(project -> call.proceedWith(0, project))
                        .filter(answer -> !isEmpty(answer))
                        .findFirst()
                        .orElseGet(call::proceed);
    }

    private static boolean isEmpty(Object answer) {
        return answer.equals(Optional.empty())
                || answer.equals(false)
                || answer instanceof Collection<?> all && all.isEmpty()
                || answer instanceof Map<?, ?> map && map.isEmpty()
                || answer instanceof TaskUpdateResult.NotFound
                || answer instanceof RunUpdateResult.NotFound
                || answer instanceof RunUpdateResult.LeaseLost
                || answer instanceof RunInsertResult.TaskNotFound
                || answer instanceof ConversationResult.NotFound;
    }

    /** The method ignores the idempotency key, so that a repetition is a new request. */
    static Mutant.Defect keyIgnored(int index) {
        return call -> call.proceedWith(index, Optional.empty());
    }

    /** The method treats every request with a used key as a repetition of the first request. */
    static Mutant.Defect requestNotCompared(int index) {
        return call ->
                call.proceedWith(
                        index,
                        call.<Optional<Idempotency>>argument(index).map(Defects::withSameRequest));
    }

    /** The method does not distinguish the idempotency keys of different callers. */
    static Mutant.Defect callerNotCompared(int index) {
        return call ->
                call.proceedWith(
                        index,
                        call.<Optional<Idempotency>>argument(index)
                                .map(
                                        it ->
                                                new Idempotency(
                                                        "any caller",
                                                        it.operation(),
                                                        it.key(),
                                                        it.requestHash())));
    }

    private static Idempotency withSameRequest(Idempotency key) {
        return new Idempotency(key.caller(), key.operation(), key.key(), "any request");
    }

    /** The method always returns its first result for an argument. */
    static Mutant.Defect alwaysFirstResult(int index) {
        return call -> {
            Object answer = call.proceed();
            return isEmpty(answer)
                    ? answer
                    : call.memory().computeIfAbsent(call.argument(index), argument -> answer);
        };
    }

    /** The method returns its list in reverse order. */
    static Mutant.Defect backwards() {
        return call -> reversed((List<?>) call.proceed());
    }

    static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return List.copyOf(reversed);
    }
}
