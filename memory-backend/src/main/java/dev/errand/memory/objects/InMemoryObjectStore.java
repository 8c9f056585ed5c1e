package dev.errand.memory.objects;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.internal.forms.SignedForms;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The reference object store: a map of byte arrays, which is lost when the process ends
 * (docs/wire/artifacts.md#h).
 *
 * <p>The project of a call must be the project of the key; see {@link ObjectKeys}. Reading a key of
 * another project returns empty; writing or signing such a key throws {@link
 * IllegalArgumentException}. Thread-safe.
 */
public final class InMemoryObjectStore implements LocalObjectStore {

    /** The maximum array length that every virtual machine supports. */
    private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private final ConcurrentMap<String, StoredObject> objects = new ConcurrentHashMap<>();

    /** The keys with valid forms. Keys are removed under the lock that also guards uploads. */
    private final Set<String> openKeys = ConcurrentHashMap.newKeySet();

    private final SignedForms forms;
    private final long maxTotalSizeInBytes;
    private volatile Optional<URI> address = Optional.empty();
    private long totalSizeInBytes;

    private InMemoryObjectStore(Builder builder) {
        this.forms = SignedForms.of(builder.signingKey, builder.clock);
        this.maxTotalSizeInBytes = builder.maxTotalSizeInBytes;
    }

    /**
     * Creates a store without a limit on its total size.
     *
     * @param clock decides when forms and links expire
     * @param signingKey the key that signs them, at least 16 characters
     */
    public static InMemoryObjectStore create(Clock clock, Secret signingKey) {
        return builder(clock, signingKey).build();
    }

    /** Returns a builder with the parameters of {@link #create}. */
    public static Builder builder(Clock clock, Secret signingKey) {
        return new Builder(clock, signingKey);
    }

    @Override
    public void setBaseUrl(URI baseUrl) {
        if (!baseUrl.isAbsolute()
                || baseUrl.getRawQuery() != null
                || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "baseUrl must be absolute, without query and fragment: " + baseUrl);
        }
        address =
                Optional.of(
                        URI.create(baseUrl + (baseUrl.toString().endsWith("/") ? "" : "/") + PATH));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException before {@link #setBaseUrl}
     */
    @Override
    public UploadForm uploadForm(ProjectId project, UploadPolicy policy) {
        ObjectKeys.requireBelongsTo(project, policy.key());
        UploadForm form = forms.sign(address(), policy);
        openKeys.add(policy.key());
        return form;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException before {@link #setBaseUrl}
     */
    @Override
    public URI downloadUrl(ProjectId project, DownloadPolicy policy) {
        ObjectKeys.requireBelongsTo(project, policy.key());
        return forms.signLink(address(), policy);
    }

    @Override
    public OptionalLong sizeLimit(Map<String, String> fields) {
        return forms.check(fields).stream().mapToLong(UploadPolicy::maxSizeInBytes).findFirst();
    }

    @Override
    public UploadResult receive(
            Map<String, String> fields,
            Predicate<String> isAccepted,
            InputStream content,
            String contentType)
            throws IOException {
        Optional<UploadPolicy> validPolicy =
                forms.check(fields)
                        .filter(it -> openKeys.contains(it.key()))
                        .filter(it -> isAccepted.test(it.key()));
        if (validPolicy.isEmpty()) {
            return UploadResult.REFUSED;
        }
        UploadPolicy policy = validPolicy.get();
        byte[] bytes = readAtMostOneMoreThan(policy.maxSizeInBytes(), content);
        if (bytes.length < policy.minSizeInBytes() || bytes.length > policy.maxSizeInBytes()) {
            return UploadResult.WRONG_SIZE;
        }
        return putIfOpen(policy.key(), new StoredObject(bytes, contentType, Map.of()))
                ? UploadResult.STORED
                : UploadResult.REFUSED;
    }

    @Override
    public synchronized Optional<ObjectHead> closeUploads(ProjectId project, String key) {
        Optional<ObjectHead> head = head(project, key);
        if (head.isPresent()) {
            openKeys.remove(key);
        }
        return head;
    }

    @Override
    public Optional<Download> openLink(String token) {
        return forms.checkLink(token)
                .flatMap(
                        policy ->
                                Optional.ofNullable(objects.get(policy.key()))
                                        .map(object -> object.download(policy)));
    }

    @Override
    public Optional<ObjectHead> head(ProjectId project, String key) {
        return find(project, key).map(StoredObject::head);
    }

    @Override
    public Optional<InputStream> open(ProjectId project, String key) {
        return find(project, key).map(StoredObject::stream);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code content} does not yield {@code sizeInBytes} bytes
     * @throws UncheckedIOException if {@code content} cannot be read
     */
    @Override
    public void write(
            ProjectId project,
            String key,
            InputStream content,
            long sizeInBytes,
            String contentType) {
        ObjectKeys.requireBelongsTo(project, key);
        byte[] bytes;
        try {
            bytes = readAtMostOneMoreThan(sizeInBytes, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.length != sizeInBytes) {
            throw new IllegalArgumentException(
                    "content must yield exactly " + sizeInBytes + " bytes");
        }
        put(key, new StoredObject(bytes, contentType, Map.of()));
    }

    @Override
    public boolean tag(ProjectId project, String key, Map<String, String> tags) {
        Map<String, String> copied = Map.copyOf(tags);
        return ObjectKeys.belongsTo(project, key)
                && objects.computeIfPresent(key, (same, object) -> object.withTags(copied)) != null;
    }

    @Override
    public synchronized boolean delete(ProjectId project, String key) {
        Optional<StoredObject> found = find(project, key);
        if (ObjectKeys.belongsTo(project, key)) {
            openKeys.remove(key);
        }
        if (found.isPresent()) {
            objects.remove(key);
            totalSizeInBytes -= found.get().content().length;
        }
        return found.isPresent();
    }

    private Optional<StoredObject> find(ProjectId project, String key) {
        return ObjectKeys.belongsTo(project, key)
                ? Optional.ofNullable(objects.get(key))
                : Optional.empty();
    }

    /** Stores an upload, unless its key was closed while the content was read. */
    private synchronized boolean putIfOpen(String key, StoredObject object) {
        boolean isOpen = openKeys.contains(key);
        if (isOpen) {
            put(key, object);
        }
        return isOpen;
    }

    /** Synchronized with {@link #delete}, so that the total size matches the map. */
    private synchronized void put(String key, StoredObject object) {
        StoredObject previous = objects.get(key);
        long freed = previous == null ? 0 : previous.content().length;
        long total = totalSizeInBytes - freed + object.content().length;
        if (total > maxTotalSizeInBytes) {
            throw PortException.retryable(
                    "ObjectStore",
                    "store is full: " + total + " bytes, maximum " + maxTotalSizeInBytes);
        }
        objects.put(key, object);
        totalSizeInBytes = total;
    }

    private URI address() {
        return address.orElseThrow(
                () ->
                        new IllegalStateException(
                                "call setBaseUrl first: forms and links need a base URL"));
    }

    private static byte[] readAtMostOneMoreThan(long size, InputStream content) throws IOException {
        byte[] bytes = content.readNBytes((int) Math.min(size, MAX_ARRAY_LENGTH - 1) + 1);
        if (bytes.length == MAX_ARRAY_LENGTH) {
            throw PortException.permanent(
                    "ObjectStore",
                    "object exceeds the maximum of this store, which is less than 2 GiB");
        }
        return bytes;
    }

    /** The content is never modified, so a reader keeps the object that it opened. */
    private record StoredObject(byte[] content, String contentType, Map<String, String> tags) {

        StoredObject {
            Objects.requireNonNull(contentType, "contentType");
        }

        StoredObject withTags(Map<String, String> others) {
            return new StoredObject(content, contentType, others);
        }

        ObjectHead head() {
            Optional<String> known = Optional.of(contentType).filter(type -> !type.isEmpty());
            return new ObjectHead(OptionalLong.of(content.length), known, tags);
        }

        InputStream stream() {
            return new ByteArrayInputStream(content);
        }

        Download download(DownloadPolicy policy) {
            return new Download(stream(), content.length, policy);
        }
    }

    /** Builder for {@link InMemoryObjectStore}. */
    public static final class Builder {

        private final Clock clock;
        private final Secret signingKey;
        private long maxTotalSizeInBytes = Long.MAX_VALUE;

        private Builder(Clock clock, Secret signingKey) {
            this.clock = Objects.requireNonNull(clock, "clock");
            this.signingKey = Objects.requireNonNull(signingKey, "signingKey");
        }

        /**
         * Limits the total size of all objects. A write that would exceed it throws a retryable
         * {@link PortException}. Unlimited by default.
         *
         * @throws IllegalArgumentException if {@code max} is negative
         */
        public Builder maxTotalSizeInBytes(long max) {
            if (max < 0) {
                throw new IllegalArgumentException("max must not be negative: " + max);
            }
            this.maxTotalSizeInBytes = max;
            return this;
        }

        /** Creates an empty store. */
        public InMemoryObjectStore build() {
            return new InMemoryObjectStore(this);
        }
    }
}
