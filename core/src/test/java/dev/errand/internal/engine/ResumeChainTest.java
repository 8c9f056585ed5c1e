package dev.errand.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResumeChainTest {

    private static final TaskId TASK = TaskId.of(new UUID(1, 1));

    private final Map<RunId, Run> runs = new HashMap<>();

    @Test
    void theOldestRunIsFirst() {
        resuming(1, Optional.empty());
        resuming(2, Optional.of(1));
        Run last = resuming(3, Optional.of(2));

        assertThat(chain(last)).containsExactly(id(1), id(2), id(3));
    }

    @Test
    void aMissingRunEndsTheChain() {
        assertThat(chain(resuming(3, Optional.of(2)))).containsExactly(id(3));
    }

    @Test
    void aCycleEndsTheChain() {
        resuming(1, Optional.of(2));
        Run last = resuming(2, Optional.of(1));

        assertThat(chain(last)).containsExactly(id(1), id(2));
    }

    @Test
    void theChainHasAtMostTenAncestors() {
        Run last = null;
        for (int i = 1; i <= 20; i++) {
            last = resuming(i, Optional.of(i - 1));
        }

        assertThat(chain(last))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(10, 20).mapToObj(ResumeChainTest::id).toList());
    }

    private List<RunId> chain(Run run) {
        return ResumeChain.of(run, id -> Optional.ofNullable(runs.get(id)));
    }

    private Run resuming(int number, Optional<Integer> earlier) {
        String state =
                earlier.map(one -> "{\"resume_from_run_id\":\"" + id(one) + "\"}").orElse("{}");
        Run run =
                new Run(
                        ProjectId.of(1),
                        TASK,
                        id(number),
                        1,
                        RunStatus.NOT_STARTED,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of(state),
                        List.of(),
                        0,
                        Optional.empty(),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Optional.empty());
        runs.put(run.id(), run);
        return run;
    }

    private static RunId id(int number) {
        return RunId.of(new UUID(2, number));
    }
}
