package dev.errand.objects.file;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.internal.forms.SignedForms;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * An object store in a directory of the file system (docs/wire/artifacts.md#h).
 *
 * <p>Each object is one file. It is written to a temporary file, forced to the disk and renamed, so
 * a crash at any moment leaves the old object or the new one. File names are hashes of keys, so no
 * key reaches outside of the directory. A key of another project reads as missing, and is rejected
 * with an {@link IllegalArgumentException} by methods that write or sign ({@link ObjectKeys}).
 *
 * <p>A form is valid while a marker file for its key exists, so a closed key stays closed after a
 * restart.
 *
 * <p>Thread-safe. A directory belongs to one process at a time: opening it deletes the temporary
 * files of another one's uploads. On Windows an object cannot be replaced while it is being read.
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
     * Opens a directory. Creates it if it is missing, and deletes temporary files that a killed
     * process left.
     *
     * @param directory used by this store only
     * @param clock determines when forms and links expire
     * @param signingKey signs forms and links; at least 16 characters. Forms stay valid across a
     *     restart with the same key.
     * @throws dev.errand.spi.PortException if the directory cannot be created, read or written
     */
    public static FileObjectStore open(Path directory, Clock clock, Secret signingKey) {
        SignedForms forms = SignedForms.of(signingKey, Objects.requireNonNull(clock, "clock"));
        return new FileObjectStore(ObjectDirectory.open(directory, clock.instant()), forms);
    }

    /**
     * Opens a directory like {@link #open(Path, Clock, Secret)}, with a signing key that is stored
     * in the directory.
     *
     * <p>The key is generated when the directory is opened for the first time, and stored in the
     * file {@code signing-key} with mode 600. Anyone who can read it can sign forms and links.
     * Deleting it invalidates all of them.
     *
     * @throws dev.errand.spi.PortException also if the file system does not support hard links, or
     *     the key file is damaged
     */
    public static FileObjectStore open(Path directory, Clock clock) {
        Objects.requireNonNull(clock, "clock");
        ObjectDirectory opened = ObjectDirectory.open(directory, clock.instant());
        Secret signingKey =
                SigningKeyFile.readOrCreate(
                        opened.signingKey(), opened.incoming(), new SecureRandom());
        return new FileObjectStore(opened, SignedForms.of(signingKey, clock));
    }

    @Override
    public void setBaseUrl(URI baseUrl) {
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
     * @throws IllegalStateException before {@link #setBaseUrl}
     */
    @Override
    public UploadForm uploadForm(ProjectId project, UploadPolicy policy) {
        ObjectKeys.requireBelongsTo(project, policy.key());
        UploadForm form = forms.sign(address(), policy);
        directory.openUploads(policy.key(), policy.expiresAt());
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
        Optional<UploadPolicy> verified =
                forms.check(fields)
                        .filter(it -> directory.acceptsUploads(it.key()))
                        .filter(it -> isAccepted.test(it.key()));
        if (verified.isEmpty()) {
            return UploadResult.REFUSED;
        }
        UploadPolicy policy = verified.get();
        String key = policy.key();
        try (TemporaryFile upload = TemporaryFile.create(directory.incoming())) {
            boolean fits =
                    receive(
                            upload,
                            key,
                            content,
                            policy.minSizeInBytes(),
                            policy.maxSizeInBytes(),
                            contentType);
            if (!fits) {
                return UploadResult.WRONG_SIZE;
            }
            return directory.putUpload(key, upload) ? UploadResult.STORED : UploadResult.REFUSED;
        }
    }

    @Override
    public Optional<ObjectHead> closeUploads(ProjectId project, String key) {
        return ObjectKeys.belongsTo(project, key) ? directory.closeUploads(key) : Optional.empty();
    }

    @Override
    public Optional<Download> openLink(String token) {
        return forms.checkLink(token)
                .flatMap(
                        policy ->
                                directory
                                        .open(policy.key())
                                        .map(object -> downloadOf(object, policy)));
    }

    @Override
    public Optional<ObjectHead> head(ProjectId project, String key) {
        return ObjectKeys.belongsTo(project, key) ? directory.head(key) : Optional.empty();
    }

    @Override
    public Optional<InputStream> open(ProjectId project, String key) {
        return ObjectKeys.belongsTo(project, key)
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
        ObjectKeys.requireBelongsTo(project, key);
        try (TemporaryFile written = TemporaryFile.create(directory.incoming())) {
            if (!receive(written, key, content, sizeInBytes, sizeInBytes, contentType)) {
                throw new IllegalArgumentException(
                        "content must yield exactly " + sizeInBytes + " bytes");
            }
            directory.put(key, written);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public boolean tag(ProjectId project, String key, Map<String, String> tags) {
        return ObjectKeys.belongsTo(project, key) && directory.tag(key, Map.copyOf(tags));
    }

    @Override
    public boolean delete(ProjectId project, String key) {
        return ObjectKeys.belongsTo(project, key) && directory.delete(key);
    }

    /** Writes an object to a file. Returns false if its size is outside of the range. */
    private static boolean receive(
            TemporaryFile target,
            String key,
            InputStream content,
            long minSize,
            long maxSize,
            String contentType)
            throws IOException {
        byte[] header = new ObjectHeader(UUID.randomUUID().toString(), key, contentType).encode();
        target.write(header, header.length);
        long size = transfer(content, maxSize, target);
        return minSize <= size && size <= maxSize;
    }

    /** Reads to the end, or to the first byte above the maximum. */
    private static long transfer(InputStream content, long maxSize, TemporaryFile upload)
            throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE_IN_BYTES];
        long size = 0;
        while (size <= maxSize) {
            int requested = (int) Math.min(buffer.length - 1, maxSize - size) + 1;
            int read = content.read(buffer, 0, requested);
            if (read < 0) {
                break;
            }
            upload.write(buffer, read);
            size += read;
        }
        return size;
    }

    private static Download downloadOf(OpenObject object, DownloadPolicy policy) {
        return new Download(object.content(), object.sizeInBytes(), policy);
    }

    private URI address() {
        return address.orElseThrow(
                () ->
                        new IllegalStateException(
                                "call setBaseUrl first; forms and links contain its address"));
    }
}
