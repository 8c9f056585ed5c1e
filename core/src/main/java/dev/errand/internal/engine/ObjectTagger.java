package dev.errand.internal.engine;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the tags by which an object store expires objects (docs/wire/artifacts.md#h7). A failure
 * never fails the request: the tags are queued and set again with a later request
 * (docs/wire/artifacts.md#h6, docs/wire/guarantees.md#j5). Thread-safe.
 */
public final class ObjectTagger {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectTagger.class);
    private static final int MAX_QUEUED = 10_000;
    private static final int RETRIES_PER_CALL = 10;

    private final ObjectStore objects;
    private final Queue<TagRequest> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failedCount = new AtomicInteger();

    /** Creates a tagger for the objects of a store. */
    public ObjectTagger(ObjectStore objects) {
        this.objects = objects;
    }

    /** Replaces the tags of an object, or queues them for a retry if the store fails. */
    public void tag(ProjectId project, String key, Map<String, String> tags) {
        for (int i = 0; i < RETRIES_PER_CALL; i++) {
            TagRequest earlier = failed.poll();
            if (earlier == null) {
                break;
            }
            failedCount.decrementAndGet();
            tryTag(earlier);
        }
        tryTag(new TagRequest(project, key, tags));
    }

    private void tryTag(TagRequest request) {
        try {
            objects.tag(request.project, request.key, request.tags);
        } catch (PortException failure) {
            if (failedCount.incrementAndGet() <= MAX_QUEUED) {
                failed.add(request);
                LOG.warn("cannot tag object {}; a later request tries again", request.key, failure);
            } else {
                failedCount.decrementAndGet();
                LOG.error(
                        "cannot tag object {}, and the queue of {} retries is full",
                        request.key,
                        MAX_QUEUED,
                        failure);
            }
        }
    }

    private record TagRequest(ProjectId project, String key, Map<String, String> tags) {}
}
