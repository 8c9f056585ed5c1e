package dev.errand.objects.file;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.internal.SignedForms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * An object store in one directory, which outlives the process (contract H).
 *
 * <p>Each object is one file, written aside, forced to the disk and then renamed: a kill or a loss
 * of power at any moment leaves the old object or the new one. Keys never become file names, so no
 * key reaches outside the directory. The project of a call must be that of the key ({@link
 * ObjectKeys}): a foreign key reads as one that holds nothing, and is an {@link
 * IllegalArgumentException} where something would be written or signed.
 *
 * <p>Thread-safe. A directory belongs to one process at a time: opening it removes the uploads that
 * another still has under way. On Windows an object that is being read cannot be replaced.
 */
public final class FileObjectStore implements LocalObjectStore {

    private static final int BUFFER_SIZE_IN_BYTES = 1 << 16;

    private final ObjectDirectory directory;
    private final SignedForms forms;
    private volatile Optional<URI> address = Optional.empty();

    private FileObjectStore(ObjectDirectory directory, SignedForms forms) {
        this.directory = directory;
        this.forms = forms;
    }

    /**
     * Opens a directory, makes it if there is none, and removes what a killed process left
     * half-written.
     *
     * @param directory belongs to the store alone
     * @param clock tells when forms and links expire
     * @param signingKey signs them, at least 16 characters; with the same one, forms outlive a
     *     restart
     * @throws dev.errand.spi.BackendException if the directory cannot be made, read or written
     */
    public static FileObjectStore open(Path directory, Clock clock, Secret signingKey) {
        SignedForms forms = SignedForms.of(signingKey, Objects.requireNonNull(clock, "clock"));
        return new FileObjectStore(ObjectDirectory.open(directory), forms);
    }

    /**
     * As {@link #open(Path, Clock, Secret)}, with a signing key of the directory's own.
     *
     * <p>It is made at first and kept in the file {@code signing-key}, which only its owner may
     * read; whoever can read it can sign forms and links. Removing it makes all of them void.
     *
     * @throws dev.errand.spi.BackendException also if the file system has no hard links, or the key
     *     file is damaged
     */
    public static FileObjectStore open(Path directory, Clock clock) {
        Objects.requireNonNull(clock, "clock");
        ObjectDirectory opened = ObjectDirectory.open(directory);
        Secret signingKey =
                SigningKeyFile.readOrMake(
                        opened.signingKey(), opened.incoming(), new SecureRandom());
        return new FileObjectStore(opened, SignedForms.of(signingKey, clock));
    }

    @Override
    public void serveAt(URI baseUrl) {
        if (!baseUrl.isAbsolute()
                || baseUrl.getRawQuery() != null
                || baseUrl.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "baseUrl must be absolute, without query and fragment: " + baseUrl);
        }
        String separator = baseUrl.toString().endsWith("/") ? "" : "/";
        address = Optional.of(URI.create(baseUrl + separator + PATH));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException before {@link #serveAt}
     */
    @Override
    public UploadForm uploadForm(ProjectId project, UploadPolicy policy) {
        ObjectKeys.requireOf(project, policy.key());
        return forms.sign(address(), policy);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException before {@link #serveAt}
     */
    @Override
    public URI downloadUrl(ProjectId project, String key, Instant expiresAt) {
        return forms.signLink(address(), ObjectKeys.requireOf(project, key), expiresAt);
    }

    @Override
    public Receipt receive(Map<String, String> fields, InputStream content, String contentType)
            throws IOException {
        Optional<UploadPolicy> proven =
                forms.check(fields).filter(it -> ObjectKeys.projectOf(it.key()).isPresent());
        if (proven.isEmpty()) {
            return Receipt.REFUSED;
        }
        UploadPolicy policy = proven.get();
        boolean fits =
                store(
                        policy.key(),
                        content,
                        policy.minSizeInBytes(),
                        policy.maxSizeInBytes(),
                        contentType);
        return fits ? Receipt.STORED : Receipt.WRONG_SIZE;
    }

    @Override
    public Optional<Download> openLink(String key, String expires, String signature) {
        boolean valid =
                forms.checkLink(key, expires, signature) && ObjectKeys.projectOf(key).isPresent();
        return valid ? directory.open(key).map(FileObjectStore::downloadOf) : Optional.empty();
    }

    @Override
    public Optional<ObjectHead> head(ProjectId project, String key) {
        return ObjectKeys.isOf(project, key) ? directory.head(key) : Optional.empty();
    }

    @Override
    public Optional<InputStream> open(ProjectId project, String key) {
        return ObjectKeys.isOf(project, key)
                ? directory.open(key).map(OpenObject::content)
                : Optional.empty();
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
        ObjectKeys.requireOf(project, key);
        boolean fits;
        try {
            fits = store(key, content, sizeInBytes, sizeInBytes, contentType);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "content must yield exactly " + sizeInBytes + " bytes");
        }
    }

    @Override
    public boolean tag(ProjectId project, String key, Map<String, String> tags) {
        return ObjectKeys.isOf(project, key) && directory.tag(key, Map.copyOf(tags));
    }

    @Override
    public boolean delete(ProjectId project, String key) {
        return ObjectKeys.isOf(project, key) && directory.delete(key);
    }

    /**
     * Streams content to its place; false, and nothing changed, if its size is outside the range.
     */
    private boolean store(
            String key, InputStream content, long minSize, long maxSize, String contentType)
            throws IOException {
        ObjectHeader header = new ObjectHeader(UUID.randomUUID().toString(), key, contentType);
        try (Incoming incoming = Incoming.in(directory.incoming())) {
            byte[] start = header.encode();
            incoming.write(start, start.length);
            long size = transfer(content, maxSize, incoming);
            boolean fits = minSize <= size && size <= maxSize;
            if (fits) {
                directory.put(key, incoming);
            }
            return fits;
        }
    }

    /** Reads to the end, or to the first byte too many. */
    private static long transfer(InputStream content, long maxSize, Incoming incoming)
            throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE_IN_BYTES];
        long size = 0;
        while (size <= maxSize) {
            int asked = (int) Math.min(buffer.length - 1, maxSize - size) + 1;
            int read = content.read(buffer, 0, asked);
            if (read < 0) {
                break;
            }
            incoming.write(buffer, read);
            size += read;
        }
        return size;
    }

    private static Download downloadOf(OpenObject object) {
        return new Download(object.content(), object.sizeInBytes(), object.header().contentType());
    }

    private URI address() {
        return address.orElseThrow(
                () ->
                        new IllegalStateException(
                                "call serveAt first: a form or link needs an address"));
    }
}
