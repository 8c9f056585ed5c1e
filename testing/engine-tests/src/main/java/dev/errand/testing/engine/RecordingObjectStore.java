package dev.errand.testing.engine;

import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An object store whose traffic tests can look at, and which fails in the ways that object stores
 * fail.
 */
final class RecordingObjectStore implements ObjectStore {

    private final LocalObjectStore real;
    private final List<UploadPolicy> policies = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean unreachable;
    private volatile boolean untaggable;
    private volatile boolean measuring = true;

    RecordingObjectStore(LocalObjectStore real) {
        this.real = real;
    }

    /** Every policy that a form was signed for, oldest first. */
    List<UploadPolicy> policies() {
        return policies;
    }

    /** Every key whose object was asked about, oldest first. */
    List<String> asked() {
        return asked;
    }

    /** From now on nothing reaches the store, or everything does again. */
    void unreachable(boolean is) {
        unreachable = is;
    }

    /** From now on no tag can be set, or all can again. */
    void untaggable(boolean is) {
        untaggable = is;
    }

    /** From now on the store cannot tell sizes. */
    void withoutSizes() {
        measuring = false;
    }

    /** Uploads through a form, as a client does. */
    LocalObjectStore.UploadResult upload(UploadForm form, byte[] content, String contentType) {
        try {
            return real.receive(form.fields(), new ByteArrayInputStream(content), contentType);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    /** The object's tags; none if there is no such object. */
    Map<String, String> tags(ProjectId project, String key) {
        return real.head(project, key).map(ObjectHead::tags).orElse(Map.of());
    }

    @Override
    public UploadForm uploadForm(ProjectId project, UploadPolicy policy) {
        reach();
        policies.add(policy);
        return real.uploadForm(project, policy);
    }

    @Override
    public URI downloadUrl(ProjectId project, String key, Instant expiresAt) {
        reach();
        return real.downloadUrl(project, key, expiresAt);
    }

    @Override
    public Optional<ObjectHead> head(ProjectId project, String key) {
        asked.add(key);
        reach();
        return real.head(project, key)
                .map(
                        head ->
                                measuring
                                        ? head
                                        : new ObjectHead(
                                                OptionalLong.empty(),
                                                head.contentType(),
                                                head.tags()));
    }

    @Override
    public Optional<InputStream> open(ProjectId project, String key) {
        reach();
        return real.open(project, key);
    }

    @Override
    public void write(
            ProjectId project,
            String key,
            InputStream content,
            long sizeInBytes,
            String contentType) {
        reach();
        real.write(project, key, content, sizeInBytes, contentType);
    }

    @Override
    public boolean tag(ProjectId project, String key, Map<String, String> tags) {
        reach();
        if (untaggable) {
            throw failure();
        }
        return real.tag(project, key, tags);
    }

    @Override
    public boolean delete(ProjectId project, String key) {
        reach();
        return real.delete(project, key);
    }

    private void reach() {
        if (unreachable) {
            throw failure();
        }
    }

    private static BackendException failure() {
        BackendException failure = BackendException.retryable("ObjectStore", "is away");
        failure.setStackTrace(new StackTraceElement[0]); // It is logged, and tells nothing.
        return failure;
    }
}
