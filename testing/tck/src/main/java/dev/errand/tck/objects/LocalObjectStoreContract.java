package dev.errand.tck.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.LocalObjectStore.Download;
import dev.errand.spi.artifact.LocalObjectStore.UploadResult;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract tests for implementations of {@link LocalObjectStore} (docs/wire/artifacts.md#h): a form
 * is valid only for its key, its size range and its period of validity; an object is replaced
 * completely or not at all; no object is reachable from another project; a closed or deleted key
 * accepts no upload any more.
 *
 * <p>The test of an object store extends this class and implements {@link #open}.
 */
public abstract class LocalObjectStoreContract {

    /** The base URL of the store in these tests. */
    protected static final URI BASE = URI.create("https://errand.example/api");

    /** The project of {@link #KEY}. */
    protected static final ProjectId PROJECT = ProjectId.of(7);

    /** A key in the format that the core generates. */
    protected static final String KEY = key(PROJECT, "spec.pdf");

    private static final ProjectId OTHER_PROJECT = ProjectId.of(8);
    private static final Secret SIGNING_KEY = Secret.of("the signing key of the tests");
    private static final Instant NOW = Instant.parse("2026-05-07T09:29:58.120300Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3_600);
    private static final long MIN_SIZE = 3;
    private static final long MAX_SIZE = 8;

    private final SettableClock clock = new SettableClock();
    private LocalObjectStore store;

    /** Constructor for subclasses. */
    protected LocalObjectStoreContract() {}

    /**
     * Opens a store that is empty at the beginning of each test.
     *
     * <p>A test may call this method again to open a store with another signing key. The two stores
     * may share their objects or not.
     *
     * @param clock determines when forms and links expire
     * @param signingKey signs forms and links
     */
    protected abstract LocalObjectStore open(Clock clock, Secret signingKey);

    /** Opens the store under test. */
    @BeforeEach
    protected void openStore() {
        store = open(clock, SIGNING_KEY);
        store.setBaseUrl(BASE);
    }

    // --- forms

    @Test
    void aFormUploadsToItsKey() throws IOException {
        UploadForm form = form(KEY);

        assertThat(form.url()).isEqualTo(URI.create(BASE + "/" + LocalObjectStore.PATH));
        assertThat(upload(form.fields(), "12345")).isEqualTo(UploadResult.STORED);
        assertThat(read(KEY)).contains("12345");
        assertThat(store.head(PROJECT, KEY))
                .contains(head(5, Optional.of("application/pdf"), Map.of()));
    }

    @Test
    void formsAndLinksUseABaseUrlWithATrailingSlash() {
        store.setBaseUrl(URI.create(BASE + "/"));

        assertThat(form(KEY).url()).isEqualTo(URI.create(BASE + "/" + LocalObjectStore.PATH));
        assertThat(link(KEY).toString()).startsWith(BASE + "/" + LocalObjectStore.PATH + "/");
    }

    @Test
    void nothingIsSignedWithoutABaseUrl() {
        LocalObjectStore notServed = open(clock, SIGNING_KEY);

        assertThatIllegalStateException()
                .isThrownBy(() -> notServed.uploadForm(PROJECT, policy(KEY)));
        assertThatIllegalStateException()
                .isThrownBy(() -> notServed.downloadUrl(PROJECT, download(KEY)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/relative", "https://errand.example/?a=b", "https://errand.example/#a"})
    void anUnusableBaseUrlIsRejected(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.setBaseUrl(URI.create(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"123", "12345678"})
    void bothEndsOfTheSizeRangeAreAccepted(String content) throws IOException {
        assertThat(upload(form(KEY).fields(), content)).isEqualTo(UploadResult.STORED);
        assertThat(read(KEY)).contains(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "123456789"})
    void aSizeOutsideTheRangeStoresNothing(String content) throws IOException {
        assertThat(upload(form(KEY).fields(), content)).isEqualTo(UploadResult.WRONG_SIZE);
        assertThat(store.head(PROJECT, KEY)).isEmpty();

        upload(form(KEY).fields(), "before");
        assertThat(upload(form(KEY).fields(), content)).isEqualTo(UploadResult.WRONG_SIZE);
        assertThat(read(KEY)).contains("before");
    }

    @Test
    void anEmptyObjectIsStored() throws IOException {
        UploadPolicy policy = new UploadPolicy(KEY, 0, 0, EXPIRY);
        Map<String, String> fields = store.uploadForm(PROJECT, policy).fields();

        assertThat(upload(fields, "")).isEqualTo(UploadResult.STORED);
        assertThat(read(KEY)).contains("");
        assertThat(upload(fields, "1")).isEqualTo(UploadResult.WRONG_SIZE);
    }

    @Test
    void contentIsReadOnlyUpToTheLimit() throws IOException {
        CountingStream endless = new CountingStream();

        assertThat(receive(form(KEY).fields(), endless)).isEqualTo(UploadResult.WRONG_SIZE);
        assertThat(endless.count).isLessThanOrEqualTo(MAX_SIZE + 1);
        assertThat(store.head(PROJECT, KEY)).isEmpty();
    }

    @Test
    void theSizeLimitOfAFormIsKnownBeforeItsFile() {
        Map<String, String> fields = form(KEY).fields();

        assertThat(store.sizeLimit(fields)).hasValue(MAX_SIZE);
        assertThat(store.sizeLimit(with(fields, "key", "other"))).isEmpty();
        assertThat(store.sizeLimit(Map.of())).isEmpty();
    }

    @Test
    void rejectedContentIsNotRead() throws IOException {
        CountingStream endless = new CountingStream();

        assertThat(receive(with(form(KEY).fields(), "key", "other"), endless))
                .isEqualTo(UploadResult.REFUSED);
        assertThat(endless.count).isZero();
    }

    @Test
    void aFormWorksUntilItsExactExpiry() throws IOException {
        Map<String, String> fields = form(KEY).fields();

        clock.now = EXPIRY.minusNanos(1);
        assertThat(upload(fields, "in time")).isEqualTo(UploadResult.STORED);
        clock.now = EXPIRY;
        assertThat(upload(fields, "late")).isEqualTo(UploadResult.REFUSED);
        assertThat(read(KEY)).contains("in time");
    }

    @Test
    void aFormMayBeUsedMoreThanOnce() throws IOException {
        Map<String, String> fields = form(KEY).fields();

        upload(fields, "first");
        assertThat(upload(fields, "again")).isEqualTo(UploadResult.STORED);
        assertThat(read(KEY)).contains("again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "policy", "signature"})
    void anAlteredFieldIsRejected(String field) throws IOException {
        write(KEY, "before");
        Map<String, String> fields = form(KEY).fields();
        String value = Objects.requireNonNull(fields.get(field));
        char first = value.charAt(0) == 'A' ? 'B' : 'A';

        assertRefused(with(fields, field, first + value.substring(1)));
        assertRefused(with(fields, field, value + "A"));
        assertRefused(with(fields, field, ""));
        Map<String, String> missing = new LinkedHashMap<>(fields);
        missing.remove(field);
        assertRefused(missing);
        assertRefused(Map.of());
        assertThat(read(KEY)).contains("before");
    }

    @Test
    void fieldsOfAnotherFormAreRejected() throws IOException {
        String otherKey = key(PROJECT, "other.pdf");
        Map<String, String> fields = form(KEY).fields();
        Map<String, String> others = form(otherKey).fields();

        for (String field : fields.keySet()) {
            assertRefused(with(fields, field, Objects.requireNonNull(others.get(field))));
            assertRefused(with(others, field, fields.get(field)));
        }
        assertThat(store.head(PROJECT, KEY)).isEmpty();
        assertThat(store.head(PROJECT, otherKey)).isEmpty();
    }

    @Test
    void anotherSigningKeyIsRejected() throws IOException {
        LocalObjectStore other = open(clock, Secret.of("another signing key of the tests"));
        other.setBaseUrl(BASE);
        write(KEY, "before");

        assertRefused(other.uploadForm(PROJECT, policy(KEY)).fields());
        assertThat(openLink(other.downloadUrl(PROJECT, download(KEY)))).isEmpty();
        assertThat(read(KEY)).contains("before");
    }

    @Test
    void anUploadThatIsNotAcceptedStoresNothing() throws IOException {
        CountingStream endless = new CountingStream();
        List<String> asked = new ArrayList<>();

        UploadResult result =
                store.receive(
                        form(KEY).fields(),
                        key -> {
                            asked.add(key);
                            return false;
                        },
                        endless,
                        "");

        assertThat(result).isEqualTo(UploadResult.REFUSED);
        assertThat(asked).containsExactly(KEY);
        assertThat(endless.count).isZero();
        assertThat(store.head(PROJECT, KEY)).isEmpty();
    }

    @Test
    void onlyValidFormsAreAskedAbout() throws IOException {
        List<String> asked = new ArrayList<>();
        Map<String, String> altered = with(form(KEY).fields(), "key", "other");

        store.receive(altered, asked::add, stream("12345"), "");
        assertThat(asked).isEmpty();
    }

    // --- closed keys

    @Test
    void aClosedKeyVoidsItsForms() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        Map<String, String> others = form(KEY).fields();
        upload(fields, "12345");
        store.tag(PROJECT, KEY, Map.of("a", "b"));
        ObjectHead closed = head(5, Optional.of("application/pdf"), Map.of("a", "b"));

        assertThat(store.closeUploads(PROJECT, KEY)).contains(closed);
        assertRefused(fields);
        assertRefused(others);
        assertThat(read(KEY)).contains("12345");
        assertThat(store.head(PROJECT, KEY)).contains(closed);
        try (InputStream content = openLink(link(KEY)).orElseThrow().content()) {
            assertThat(content).hasContent("12345");
        }
    }

    @Test
    void contentForAClosedKeyIsNotRead() throws IOException {
        CountingStream endless = new CountingStream();
        Map<String, String> fields = form(KEY).fields();
        upload(fields, "12345");
        store.closeUploads(PROJECT, KEY);

        assertThat(receive(fields, endless)).isEqualTo(UploadResult.REFUSED);
        assertThat(endless.count).isZero();
    }

    @Test
    void closingAgainReturnsTheSameObject() throws IOException {
        upload(form(KEY).fields(), "12345");
        Optional<ObjectHead> closed = store.closeUploads(PROJECT, KEY);

        assertThat(closed).isPresent();
        assertThat(store.closeUploads(PROJECT, KEY)).isEqualTo(closed);
    }

    @Test
    void aKeyWithoutObjectIsNotClosed() throws IOException {
        Map<String, String> fields = form(KEY).fields();

        assertThat(store.closeUploads(PROJECT, KEY)).isEmpty();
        assertThat(upload(fields, "12345")).isEqualTo(UploadResult.STORED);
    }

    @Test
    void closingAKeyLeavesOtherKeysOpen() throws IOException {
        String other = key(PROJECT, "other.pdf");
        Map<String, String> fields = form(KEY).fields();
        upload(fields, "12345");
        write(other, "content");

        store.closeUploads(PROJECT, other);
        assertThat(store.closeUploads(OTHER_PROJECT, KEY)).isEmpty();
        assertThat(upload(fields, "changed")).isEqualTo(UploadResult.STORED);
    }

    /** The form was valid when the upload began. */
    @Test
    void anUploadThatEndsAfterItsKeyWasClosedChangesNothing() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        upload(fields, "12345");
        InputStream late = endingWith("changed", () -> store.closeUploads(PROJECT, KEY));

        assertThat(receive(fields, late)).isEqualTo(UploadResult.REFUSED);
        assertThat(read(KEY)).contains("12345");
    }

    @Test
    void aDeletedKeyVoidsItsForms() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        upload(fields, "12345");
        store.delete(PROJECT, KEY);

        assertRefused(fields);
        assertThat(store.head(PROJECT, KEY)).isEmpty();
    }

    @Test
    void deletingAKeyWithoutObjectVoidsItsForms() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        store.delete(OTHER_PROJECT, KEY);
        assertThat(upload(fields, "12345")).isEqualTo(UploadResult.STORED);

        Map<String, String> unused = form(key(PROJECT, "unused.pdf")).fields();
        store.delete(PROJECT, key(PROJECT, "unused.pdf"));
        assertRefused(unused);
    }

    @Test
    void anUploadThatEndsAfterItsKeyWasDeletedStoresNothing() throws IOException {
        Map<String, String> fields = form(KEY).fields();
        InputStream late = endingWith("changed", () -> store.delete(PROJECT, KEY));

        assertThat(receive(fields, late)).isEqualTo(UploadResult.REFUSED);
        assertThat(store.head(PROJECT, KEY)).isEmpty();
    }

    @Test
    void concurrentUploadsAndClosingLeaveTheObjectThatWasClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            String key = key(PROJECT, "round-" + round);
            Map<String, String> fields = form(key).fields();
            upload(fields, "before");
            CyclicBarrier together = new CyclicBarrier(2);
            Callable<Optional<ObjectHead>> upload =
                    () -> {
                        together.await();
                        upload(fields, "later");
                        return Optional.empty();
                    };
            Callable<Optional<ObjectHead>> close =
                    () -> {
                        together.await();
                        return store.closeUploads(PROJECT, key);
                    };

            Optional<ObjectHead> closed = inParallel(List.of(upload, close)).get(1);
            assertThat(closed).isPresent();
            assertThat(store.head(PROJECT, key)).isEqualTo(closed);
        }
    }

    // --- links

    @Test
    void aLinkWorksUntilItsExactExpiry() throws IOException {
        upload(form(KEY).fields(), "12345");
        URI link = link(KEY);

        clock.now = EXPIRY.minusNanos(1);
        try (InputStream content = openLink(link).orElseThrow().content()) {
            assertThat(content).hasContent("12345");
        }
        clock.now = EXPIRY;
        assertThat(openLink(link)).isEmpty();
    }

    /** docs/wire/artifacts.md#h5: the manifest decides, not the upload. */
    @Test
    void aLinkReportsTheNameAndMediaTypeOfItsPolicy() throws IOException {
        upload(form(KEY).fields(), "12345");
        DownloadPolicy policy = new DownloadPolicy(KEY, "100%; \"ä\"\n\uD83D\uDE80", "a/b", EXPIRY);

        Download download = openLink(store.downloadUrl(PROJECT, policy)).orElseThrow();
        download.content().close();
        assertThat(download.sizeInBytes()).isEqualTo(5);
        assertThat(download.policy()).isEqualTo(policy);
    }

    @Test
    void aLinkMayBeCreatedBeforeItsObject() throws IOException {
        URI link = link(KEY);

        assertThat(openLink(link)).isEmpty();
        write(KEY, "later");
        try (InputStream content = openLink(link).orElseThrow().content()) {
            assertThat(content).hasContent("later");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100% + ä.pdf", "a&b=c;d#e?f", "%2F..%2F", "\uD83D\uDE80 '()!", "..."})
    void aLinkSupportsEveryValidKey(String name) throws IOException {
        String key = key(PROJECT, name);
        write(key, "content");
        URI link = link(key);

        assertSurvivesFirewalls(link);
        try (InputStream content = openLink(link).orElseThrow().content()) {
            assertThat(content).hasContent("content");
        }
    }

    @Test
    void anAlteredLinkIsRejected() {
        write(KEY, "mine");
        String token = token(link(KEY));

        for (int index = 0; index < token.length(); index++) {
            char other = token.charAt(index) == 'A' ? 'B' : 'A';
            String altered = token.substring(0, index) + other + token.substring(index + 1);
            assertThat(store.openLink(altered)).as(altered).isEmpty();
        }
        assertThat(store.openLink(token + "A")).isEmpty();
        assertThat(store.openLink(token + ".")).isEmpty();
        assertThat(store.openLink(token.substring(0, token.lastIndexOf('.')))).isEmpty();
        for (String text : List.of("", ".", "....", "/", KEY, "a.b.c.d.e")) {
            assertThat(store.openLink(text)).as(text).isEmpty();
        }
    }

    @Test
    void signaturesOfFormsAndLinksAreNotInterchangeable() throws IOException {
        write(KEY, "before");
        String token = token(link(KEY));
        int end = token.lastIndexOf('.');
        Map<String, String> fields = form(KEY).fields();

        assertThat(store.openLink(token.substring(0, end + 1) + fields.get("signature"))).isEmpty();
        assertThat(store.openLink(fields.get("policy") + "." + fields.get("signature"))).isEmpty();
        assertRefused(with(fields, "signature", token.substring(end + 1)));
        assertRefused(
                with(
                        with(fields, "policy", token.substring(0, end)),
                        "signature",
                        token.substring(end + 1)));
        assertThat(read(KEY)).contains("before");
    }

    // --- objects

    @Test
    void anUnknownKeyReturnsEmpty() {
        assertThat(store.head(PROJECT, KEY)).isEmpty();
        assertThat(store.open(PROJECT, KEY)).isEmpty();
        assertThat(store.tag(PROJECT, KEY, Map.of("a", "b"))).isFalse();
        assertThat(store.delete(PROJECT, KEY)).isFalse();
    }

    @Test
    void writtenContentIsRead() {
        store.write(PROJECT, KEY, stream("12345"), 5, "");

        assertThat(read(KEY)).contains("12345");
        assertThat(store.head(PROJECT, KEY)).contains(head(5, Optional.empty(), Map.of()));
    }

    @Test
    void aLargeObjectIsReadUnchanged() throws IOException {
        byte[] large = new byte[1_000_003];
        for (int index = 0; index < large.length; index++) {
            large[index] = (byte) (index * 31 >> 3);
        }
        store.write(PROJECT, KEY, new ByteArrayInputStream(large), large.length, "");

        try (InputStream content = store.open(PROJECT, KEY).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void anObjectIsReplacedAtomically() throws IOException {
        store.write(PROJECT, KEY, stream("long before"), 11, "text/plain");
        store.tag(PROJECT, KEY, Map.of("ttl_days", "1"));
        store.write(PROJECT, KEY, stream("now"), 3, "");

        assertThat(read(KEY)).contains("now");
        assertThat(store.head(PROJECT, KEY)).contains(head(3, Optional.empty(), Map.of()));

        store.tag(PROJECT, KEY, Map.of("ttl_days", "1"));
        upload(form(KEY).fields(), "upload");
        assertThat(store.head(PROJECT, KEY))
                .contains(head(6, Optional.of("application/pdf"), Map.of()));
    }

    @Test
    void anOpenReaderSeesTheOldContent() throws IOException {
        byte[] before = filled(200_000, (byte) 1);
        store.write(PROJECT, KEY, new ByteArrayInputStream(before), before.length, "");

        try (InputStream content = store.open(PROJECT, KEY).orElseThrow()) {
            assertThat(content.readNBytes(10)).containsOnly(1);
            write(KEY, "replaced");
            assertThat(content.readAllBytes()).hasSize(before.length - 10).containsOnly(1);
        }
        assertThat(read(KEY)).contains("replaced");
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 6})
    void contentOfAnotherSizeIsRejected(long sizeInBytes) {
        write(KEY, "before");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.write(PROJECT, KEY, stream("12345"), sizeInBytes, ""));
        assertThat(read(KEY)).contains("before");
    }

    @Test
    void failingContentLeavesTheOldObject() {
        Map<String, String> fields = form(KEY).fields();

        assertThatThrownBy(() -> receive(fields, failingAfter("12345")))
                .isInstanceOf(IOException.class)
                .hasMessage("connection lost");
        assertThat(store.head(PROJECT, KEY)).isEmpty();

        write(KEY, "before");
        store.tag(PROJECT, KEY, Map.of("a", "b"));
        assertThatThrownBy(() -> receive(fields, failingAfter("12345")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store.write(PROJECT, KEY, failingAfter("12345"), 8, ""))
                .hasRootCauseMessage("connection lost");
        assertThat(read(KEY)).contains("before");
        assertThat(store.head(PROJECT, KEY))
                .contains(head(6, Optional.of("text/plain"), Map.of("a", "b")));
    }

    @Test
    void tagsAreReplacedWithoutChangingTheContent() {
        write(KEY, "content");

        assertThat(store.tag(PROJECT, KEY, Map.of("ttl_days", "1", "team_id", "7"))).isTrue();
        assertThat(store.tag(PROJECT, KEY, Map.of("ttl_days", "30", "a = b", "ä\n#!"))).isTrue();
        assertThat(store.head(PROJECT, KEY))
                .contains(
                        head(
                                7,
                                Optional.of("text/plain"),
                                Map.of("ttl_days", "30", "a = b", "ä\n#!")));
        assertThat(read(KEY)).contains("content");
        assertThat(store.tag(PROJECT, KEY, Map.of())).isTrue();
        assertThat(store.head(PROJECT, KEY)).contains(head(7, Optional.of("text/plain"), Map.of()));
    }

    @Test
    void deletingRemovesContentAndTags() {
        write(KEY, "content");
        store.tag(PROJECT, KEY, Map.of("a", "b"));

        assertThat(store.delete(PROJECT, KEY)).isTrue();
        assertThat(store.head(PROJECT, KEY)).isEmpty();
        assertThat(store.open(PROJECT, KEY)).isEmpty();
        assertThat(openLink(link(KEY))).isEmpty();
        assertThat(store.delete(PROJECT, KEY)).isFalse();
        write(KEY, "content");
        assertThat(store.head(PROJECT, KEY)).contains(head(7, Optional.of("text/plain"), Map.of()));
    }

    @Test
    void keysAreCaseAndFormSensitive() {
        List<String> names =
                List.of(
                        "a", "A", "a.", "a ", " a", "ä", "a\u0308", "\u212B", "\u00C5", "con",
                        "nul.txt", "a%41", "aA", "a/b", "a/b/c", "a.tags", "-", "...", "~", "*");
        names.forEach(name -> write(key(PROJECT, name), "content of " + name));

        for (String name : names) {
            assertThat(read(key(PROJECT, name))).as(name).contains("content of " + name);
        }
        for (String name : names) {
            assertThat(store.delete(PROJECT, key(PROJECT, name))).as(name).isTrue();
        }
    }

    @Test
    void theLongestDocumentedKeyIsAccepted() {
        String key = key(PROJECT, "\uD83D\uDE80".repeat(255));
        write(key, "content");

        assertThat(read(key)).contains("content");
    }

    // --- projects

    @Test
    void objectsAreIsolatedBetweenProjects() {
        write(KEY, "content");
        ObjectHead before = store.head(PROJECT, KEY).orElseThrow();

        assertThat(store.head(OTHER_PROJECT, KEY)).isEmpty();
        assertThat(store.open(OTHER_PROJECT, KEY)).isEmpty();
        assertThat(store.tag(OTHER_PROJECT, KEY, Map.of("a", "b"))).isFalse();
        assertThat(store.delete(OTHER_PROJECT, KEY)).isFalse();
        assertThat(read(KEY)).contains("content");
        assertThat(store.head(PROJECT, KEY)).contains(before);
    }

    @Test
    void aKeyOfAnotherProjectIsRejected() {
        write(KEY, "content");

        assertNothingIsWrittenOrSigned(OTHER_PROJECT, KEY);
        assertThat(read(KEY)).contains("content");
    }

    @Test
    void aKeyCannotEscapeToAnotherProject() {
        String key = key(PROJECT, "team_8");
        write(key, "content");

        assertThat(store.head(OTHER_PROJECT, key)).isEmpty();
        assertThat(read(key)).contains("content");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spec.pdf",
                "tasks/artifacts/spec.pdf",
                "/etc/team_7/passwd",
                "../team_7/a",
                "tasks/team_7/../team_8/a",
                "tasks/team_7/./a",
                "tasks/team_7//a",
                "tasks/team_7/a/",
                "tasks/team_7/..\\..\\a",
                "tasks/team_7/a\0.pdf",
                "tasks/team_7/a\nb",
                "tasks/team_7/\uD83D",
                "tasks/team_07/a",
                "C:\\team_7\\a",
            })
    void aHostileKeyIsNeitherReadNorWritten(String key) {
        write(KEY, "content");

        assertThat(store.head(PROJECT, key)).isEmpty();
        assertThat(store.open(PROJECT, key)).isEmpty();
        assertThat(store.tag(PROJECT, key, Map.of())).isFalse();
        assertThat(store.delete(PROJECT, key)).isFalse();
        assertThat(store.openLink(key)).isEmpty();
        assertNothingIsWrittenOrSigned(PROJECT, key);
        assertThat(read(KEY)).contains("content");
    }

    // --- concurrency

    @Test
    void concurrentUploadsLeaveOneCompleteObject() throws Exception {
        int uploads = 8;
        int size = 150_000;
        for (int round = 0; round < 5; round++) {
            CyclicBarrier together = new CyclicBarrier(uploads + 1);
            List<Callable<UploadResult>> calls = new ArrayList<>();
            for (int upload = 0; upload < uploads; upload++) {
                byte[] content = filled(size + upload, (byte) upload);
                String contentType = "x/" + upload;
                UploadPolicy policy = new UploadPolicy(KEY, 0, content.length, EXPIRY);
                Map<String, String> fields = store.uploadForm(PROJECT, policy).fields();
                calls.add(
                        () -> {
                            together.await();
                            return store.receive(
                                    fields,
                                    key -> true,
                                    new ByteArrayInputStream(content),
                                    contentType);
                        });
            }
            Callable<UploadResult> reader =
                    () -> {
                        together.await();
                        for (int read = 0; read < 50; read++) {
                            assertWhole(size);
                        }
                        return UploadResult.STORED;
                    };
            calls.add(reader);

            assertThat(inParallel(calls)).containsOnly(UploadResult.STORED);
            assertWhole(size);
            assertThat(store.head(PROJECT, KEY)).isPresent();
        }
    }

    @Test
    void concurrentWritesAndDeletesAreIndependent() throws Exception {
        int writers = 6;
        CyclicBarrier together = new CyclicBarrier(writers);
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            String key = key(PROJECT, "object-" + writer);
            calls.add(
                    () -> {
                        together.await();
                        boolean asAlone = true;
                        for (int time = 0; time < 50; time++) {
                            write(key, "content");
                            asAlone &= store.tag(PROJECT, key, Map.of("a", "b"));
                            asAlone &= read(key).equals(Optional.of("content"));
                            asAlone &= store.delete(PROJECT, key);
                            asAlone &= store.head(PROJECT, key).isEmpty();
                        }
                        return asAlone;
                    });
        }

        assertThat(inParallel(calls)).containsOnly(true);
    }

    // --- helpers

    /** Returns the key that the core generates for a staged artifact. */
    protected static String key(ProjectId project, String name) {
        return "tasks/artifacts/team_"
                + project
                + "/task_6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34/staged/"
                + "9f86d081884c7d659a2feaa0c55ad015/"
                + name;
    }

    /** Returns the store under test. */
    protected final LocalObjectStore store() {
        return store;
    }

    /** Returns the clock of the store under test. */
    protected final Clock clock() {
        return clock;
    }

    /** Signs a form for 3 to 8 bytes. */
    protected final UploadForm form(String key) {
        return store.uploadForm(PROJECT, policy(key));
    }

    /** Writes a text of type {@code text/plain}. */
    protected final void write(String key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        store.write(PROJECT, key, new ByteArrayInputStream(bytes), bytes.length, "text/plain");
    }

    /** Reads a text; empty if there is no object. */
    protected final Optional<String> read(String key) {
        return store.open(PROJECT, key).map(LocalObjectStoreContract::textOf);
    }

    /** Uploads a text of type {@code application/pdf}. */
    protected final UploadResult upload(Map<String, String> fields, String text)
            throws IOException {
        return store.receive(fields, key -> true, stream(text), "application/pdf");
    }

    private UploadResult receive(Map<String, String> fields, InputStream content)
            throws IOException {
        return store.receive(fields, key -> true, content, "");
    }

    private static UploadPolicy policy(String key) {
        return new UploadPolicy(key, MIN_SIZE, MAX_SIZE, EXPIRY);
    }

    private URI link(String key) {
        return store.downloadUrl(PROJECT, download(key));
    }

    private Optional<Download> openLink(URI link) {
        return store.openLink(token(link));
    }

    private static String token(URI link) {
        return link.getPath()
                .substring((BASE.getPath() + "/" + LocalObjectStore.PATH + "/").length());
    }

    private static DownloadPolicy download(String key) {
        return new DownloadPolicy(key, "spec.pdf", "application/pdf", EXPIRY);
    }

    /**
     * A path of these characters only is neither rejected nor rewritten. Spring Security, for
     * example, rejects an escaped percent sign or slash, a semicolon and a double slash.
     */
    private static void assertSurvivesFirewalls(URI link) {
        assertThat(link.getRawPath()).matches("(/[A-Za-z0-9._-]+)+");
        assertThat(token(link)).matches("[A-Za-z0-9._-]{1,5000}").doesNotStartWith(".");
        assertThat(link.getRawQuery()).isNull();
    }

    private void assertRefused(Map<String, String> fields) throws IOException {
        assertThat(upload(fields, "12345")).as("%s", fields).isEqualTo(UploadResult.REFUSED);
    }

    private void assertNothingIsWrittenOrSigned(ProjectId project, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.write(project, key, stream("123"), 3, ""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.uploadForm(project, policy(key)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.downloadUrl(project, download(key)));
    }

    /** Asserts that content and size belong to the same upload, or that there is no object. */
    private void assertWhole(int size) throws IOException {
        URI link = link(KEY);
        Optional<Download> found = openLink(link);
        if (found.isPresent()) {
            Download download = found.get();
            try (InputStream content = download.content()) {
                byte[] bytes = content.readAllBytes();
                byte upload = bytes[0];
                assertThat(Arrays.equals(bytes, filled(size + upload, upload))).isTrue();
                assertThat(download.sizeInBytes()).isEqualTo(bytes.length);
            }
        }
    }

    private static <T> List<T> inParallel(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> call : threads.invokeAll(calls)) {
                answers.add(call.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static ObjectHead head(
            long sizeInBytes, Optional<String> contentType, Map<String, String> tags) {
        return new ObjectHead(OptionalLong.of(sizeInBytes), contentType, tags);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream failingAfter(String text) {
        return endingWith(
                text,
                () -> {
                    throw new IOException("connection lost");
                });
    }

    /** Returns a stream that calls an action when its end is reached. */
    private static InputStream endingWith(String text, Action action) {
        return new FilterInputStream(stream(text)) {
            @Override
            public int read() throws IOException {
                return observed(super.read());
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return observed(super.read(bytes, offset, length));
            }

            private int observed(int read) throws IOException {
                if (read < 0) {
                    action.run();
                }
                return read;
            }
        };
    }

    private interface Action {
        void run() throws IOException;
    }

    private static String textOf(InputStream content) {
        try (content) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static byte[] filled(int size, byte value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> altered = new LinkedHashMap<>(fields);
        altered.put(name, value);
        return altered;
    }

    /** An endless stream that counts the bytes read from it. */
    private static final class CountingStream extends InputStream {

        private long count;

        @Override
        public int read() {
            count++;
            return 'x';
        }
    }

    private static final class SettableClock extends Clock {

        private volatile Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("withZone");
        }
    }
}
