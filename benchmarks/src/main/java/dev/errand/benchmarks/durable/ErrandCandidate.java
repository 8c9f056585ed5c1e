package dev.errand.benchmarks.durable;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Worker;
import dev.errand.spi.UserId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.task.CreateAndRunRequest;
import java.util.ArrayList;
import java.util.List;

/** Errand, called through its engine as by a host, with one connection per thread. */
enum ErrandCandidate implements LifecycleCandidate {
    /** Four calls, as over HTTP. */
    FOUR_CALLS("Errand, create, run, claim, update") {
        @Override
        TimedLoop.Work work(ErrandHost host, int thread) {
            ThreadClients clients = new ThreadClients(host, thread);
            return () -> {
                SampleWork.Unit unit = clients.next();
                ProjectClient creator = clients.creator(unit);
                creator.runs()
                        .run(creator.tasks().create(unit.request()).task().id(), SampleWork.RUN);
                List<ClaimedRun> claimed = List.of();
                while (claimed.isEmpty()) {
                    claimed =
                            host.backend()
                                    .queue()
                                    .claim(
                                            SampleWork.SCOPE,
                                            new ClaimRequest(
                                                    SampleWork.OWNER, 1, SampleWork.LEASE));
                }
                Run run = claimed.get(0).run();
                clients.host.runs().update(run.task(), run.id(), SampleWork.COMPLETED);
                return 1;
            };
        }
    },

    SEPARATE("Errand, separate calls") {
        @Override
        TimedLoop.Work work(ErrandHost host, int thread) {
            ThreadClients clients = new ThreadClients(host, thread);
            return () -> {
                clients.create(1);
                clients.worker.settle(clients.reports(clients.claim(1)));
                return 1;
            };
        }
    },

    BATCHES("Errand, batches of 50") {
        @Override
        TimedLoop.Work work(ErrandHost host, int thread) {
            ThreadClients clients = new ThreadClients(host, thread);
            return () -> {
                clients.create(SampleWork.BATCH);
                List<ClaimedRun> claimed = clients.claim(SampleWork.BATCH);
                clients.worker.settle(clients.reports(claimed));
                return claimed.size();
            };
        }
    };

    private final String label;

    ErrandCandidate(String label) {
        this.label = label;
    }

    abstract TimedLoop.Work work(ErrandHost host, int thread);

    @Override
    public String label() {
        return label;
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        try (ErrandHost host = ErrandHost.open(url, threads)) {
            return TimedLoop.run(thread -> work(host, thread), threads, window);
        }
    }

    /** The clients of one thread. */
    private static final class ThreadClients {
        private final ProjectClient[] creators = new ProjectClient[SampleWork.CREATORS];
        private final ProjectClient host;
        private final Worker worker;
        private int number;

        ThreadClients(ErrandHost errand, int thread) {
            for (int i = 0; i < creators.length; i++) {
                creators[i] = errand.as(Caller.user(UserId.of(i)));
            }
            host = errand.as(Caller.host());
            worker = errand.worker();
            number = thread * 16;
        }

        SampleWork.Unit next() {
            return SampleWork.of(number++);
        }

        ProjectClient creator(SampleWork.Unit unit) {
            return creators[(int) unit.creator()];
        }

        /** Creates tasks with their runs for one creator. */
        void create(int count) {
            SampleWork.Unit first = next();
            if (count == 1) {
                creator(first).tasks().createAndRun(first.request(), SampleWork.RUN);
                return;
            }
            List<CreateAndRunRequest> batch = new ArrayList<>(count);
            batch.add(new CreateAndRunRequest(first.request(), SampleWork.RUN));
            while (batch.size() < count) {
                batch.add(new CreateAndRunRequest(next().request(), SampleWork.RUN));
            }
            creator(first).tasks().createAndRunAll(batch);
        }

        List<ClaimedRun> claim(int max) {
            List<ClaimedRun> claimed = List.of();
            while (claimed.isEmpty()) {
                claimed = worker.claim(max);
            }
            return claimed;
        }

        List<Worker.Result> reports(List<ClaimedRun> claimed) {
            return claimed.stream()
                    .map(run -> new Worker.Result(run, SampleWork.COMPLETED))
                    .toList();
        }
    }
}
