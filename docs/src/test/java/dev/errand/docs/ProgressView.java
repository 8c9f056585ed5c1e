package dev.errand.docs;

import dev.errand.ProjectClient;
import dev.errand.run.RunUpdate;
import dev.errand.spi.run.Run;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** Follows a run to its end. */
final class ProgressView implements Flow.Subscriber<RunUpdate> {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<List<String>> end = new CompletableFuture<>();
    private Flow.Subscription subscription;

    static ProgressView of(ProjectClient project, Run run) {
        ProgressView view = new ProgressView();
        project.runs().watch(run.task(), run.id(), 0).subscribe(view);
        return view;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription; // cancel() ends it.
        subscription.request(1);
    }

    @Override
    public void onNext(RunUpdate update) {
        if (update instanceof RunUpdate.LogAppended appended) {
            appended.entries().forEach(entry -> lines.add(entry.json().text()));
        } else if (update instanceof RunUpdate.StateChanged changed) {
            lines.add(changed.run().status().wire());
        }
        subscription.request(1); // Later, if this subscriber is slow.
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(lines);
    }

    CompletableFuture<List<String>> end() {
        return end;
    }
}
