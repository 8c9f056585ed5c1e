package dev.errand.benchmarks.durable;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.WorkerPool;
import dev.errand.spi.UserId;

/** Errand's worker pool, with as many handlers as threads that create tasks. */
final class ErrandPool implements LifecycleCandidate {

    @Override
    public String label() {
        return "Errand, worker pool";
    }

    @Override
    public Outcome measure(String url, int threads, Window window) throws Exception {
        SchedulerLoad load = new SchedulerLoad();
        try (ErrandHost host = ErrandHost.open(url, threads + 1);
                WorkerPool pool =
                        host.workerPool(
                                        context -> {
                                            load.completed();
                                            return SampleWork.COMPLETED;
                                        })
                                .size(threads)
                                .build()) {
            ProjectClient[] creators = new ProjectClient[SampleWork.CREATORS];
            for (int i = 0; i < creators.length; i++) {
                creators[i] = host.as(Caller.user(UserId.of(i)));
            }
            pool.start();
            return load.measure(
                    number -> {
                        SampleWork.Unit unit = SampleWork.of(number);
                        creators[(int) unit.creator()]
                                .tasks()
                                .createAndRun(unit.request(), SampleWork.RUN);
                    },
                    threads,
                    window);
        }
    }
}
