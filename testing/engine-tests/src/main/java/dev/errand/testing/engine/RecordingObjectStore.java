package dev.errand.testing.engine;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.DownloadPolicy;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** An object store wrapper that records calls and injects faults. */
final class RecordingObjectStore implements ObjectStore {

    private final LocalObjectStore real;
    private final List<UploadPolicy> policies = new CopyOnWriteArrayList<>();
    private final List<String> headKeys = new CopyOnWriteArrayList<>();
    private volatile boolean unreachable;
    private volatile boolean untaggable;
    private volatile boolean measuring = true;
    private volatile Runnable beforeClosing = () -> {};

    RecordingObjectStore(LocalObjectStore real) {
        this.real = real;
    }

    /** Returns the policies of all signed forms, oldest first. */
    List<UploadPolicy> policies() {
        return policies;
    }

    /** Returns the keys of all {@code head} calls, oldest first. */
    List<String> headKeys() {
        return headKeys;
    }

    /** Sets whether every call fails. */
    void unreachable(boolean is) {
        unreachable = is;
    }

    /** Sets whether setting tags fails. */
    void untaggable(boolean is) {
        untaggable = is;
    }

    /** Sets what happens before the next key is closed. */
    void beforeClosing(Runnable action) {
        beforeClosing = action;
    }

    /** Makes the store report no sizes. */
    void withoutSizes() {
        measuring = false;
    }

    /** Uploads content through a form, as a client does. */
    LocalObjectStore.UploadResult upload(UploadForm form, byte[] content, String contentType) {
        try {
            return real.receive(
                    form.fields(), key -> true, new ByteArrayInputStream(content), contentType);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    /** Returns the tags of an object, or an empty map if it does not exist. */
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
    public URI downloadUrl(ProjectId project, DownloadPolicy policy) {
        reach();
        return real.downloadUrl(project, policy);
    }

    @Override
    public Optional<ObjectHead> head(ProjectId project, String key) {
        return read(key, () -> real.head(project, key));
    }

    @Override
    public Optional<ObjectHead> closeUploads(ProjectId project, String key) {
        Runnable action = beforeClosing;
        beforeClosing = () -> {};
        action.run();
        return read(key, () -> real.closeUploads(project, key));
    }

    private Optional<ObjectHead> read(String key, Supplier<Optional<ObjectHead>> call) {
        headKeys.add(key);
        reach();
        return call.get()
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

    private static PortException failure() {
        PortException failure = PortException.retryable("ObjectStore", "is unavailable");
        failure.setStackTrace(new StackTraceElement[0]); // It would only fill the logs.
        return failure;
    }
}
