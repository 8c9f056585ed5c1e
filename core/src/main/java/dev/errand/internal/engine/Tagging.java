package dev.errand.internal.engine;

import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ObjectStore;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tags objects for a storage's own clean-up (contract H7). A tag that cannot be set never fails a
 * request; it is tried again with the next one (contract H6, J5). Thread-safe.
 */
public final class Tagging {

    private static final Logger LOG = LoggerFactory.getLogger(Tagging.class);
    private static final int MAX_WAITING = 10_000;
    private static final int RETRIES_A_CALL = 10;

    private final ObjectStore objects;
    private final Queue<Tag> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    /** Tags in this store. */
    public Tagging(ObjectStore objects) {
        this.objects = objects;
    }

    /** Replaces an object's tags now, or later where the store cannot do it now. */
    public void tag(ProjectId project, String key, Map<String, String> tags) {
        for (int i = 0; i < RETRIES_A_CALL; i++) {
            Tag earlier = waiting.poll();
            if (earlier == null) {
                break;
            }
            count.decrementAndGet();
            apply(earlier);
        }
        apply(new Tag(project, key, tags));
    }

    private void apply(Tag tag) {
        try {
            objects.tag(tag.project, tag.key, tag.tags);
        } catch (BackendException failure) {
            if (count.incrementAndGet() <= MAX_WAITING) {
                waiting.add(tag);
                LOG.warn("could not tag {}; will try again", tag.key, failure);
            } else {
                count.decrementAndGet();
                LOG.error("could not tag {}, and too many tags wait already", tag.key, failure);
            }
        }
    }

    private record Tag(ProjectId project, String key, Map<String, String> tags) {}
}
