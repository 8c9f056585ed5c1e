package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.LocalObjectStore.Download;
import dev.errand.spi.artifact.LocalObjectStore.UploadResult;
import dev.errand.spi.artifact.UploadPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Broken object stores. */
final class ObjectStoreMutants {

    private static final Duration YEAR = Duration.ofDays(365);

    /** Finds the project in a storage key of the engine. */
    private static final Pattern PROJECT_OF_KEY = Pattern.compile("/team_([0-9]+)/");

    private ObjectStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W3, "uploadForm", "extends the expiry by a year", policy(it -> new UploadPolicy(it.key(), it.minSizeInBytes(), it.maxSizeInBytes(), it.expiresAt().plus(YEAR)))),
            mutant(W6, "uploadForm", "allows any size", policy(it -> new UploadPolicy(it.key(), 0, Long.MAX_VALUE / 2, it.expiresAt()))),
            mutant(W3, "downloadUrl", "extends the expiry by a year", download(it -> new DownloadPolicy(it.key(), it.fileName(), it.contentType(), it.expiresAt().plus(YEAR)))),
            mutant(W6, "downloadUrl", "forgets the name of the file", download(it -> new DownloadPolicy(it.key(), "file", it.contentType(), it.expiresAt()))),
            mutant(W6, "downloadUrl", "ignores the project", ObjectStoreMutants::linksForTheKeysProject),
            mutant(W6, "head", "ignores the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W3, "head", "finds nothing", call -> Optional.empty()),
            mutant(W5, "head", "always returns its first result", Defects.alwaysFirstResult(1)),
            mutant(W6, "open", "ignores the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W3, "open", "finds nothing", call -> Optional.empty()),
            mutant(W5, "write", "keeps the first content", ObjectStoreMutants::keepsTheFirst),
            mutant(W1, "write", "leaves a partial object when the content fails", ObjectStoreMutants::leavesHalf),
            mutant(W2, "write", "has no effect", call -> null),
            mutant(W1, "tag", "keeps the previous tags", ObjectStoreMutants::addsTags),
            mutant(W5, "tag", "always reports success", ObjectStoreMutants::reportsSuccess),
            mutant(W1, "closeUploads", "leaves the forms valid", call -> call.<LocalObjectStore>original().head(call.argument(0), call.argument(1))),
            mutant(W3, "closeUploads", "finds nothing", ObjectStoreMutants::findsNothing),
            mutant(W6, "closeUploads", "ignores the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W3, "delete", "has no effect", call -> true),
            mutant(W1, "receive", "does not ask whether to accept the upload", call -> call.proceedWith(1, (Predicate<String>) key -> true)),
            mutant(W5, "delete", "always reports success", ObjectStoreMutants::reportsSuccess),
            mutant(W6, "delete", "ignores the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W5, "receive", "always reports a stored object", ObjectStoreMutants::reportsStored),
            mutant(W3, "receive", "rejects every form", call -> UploadResult.REFUSED),
            mutant(W3, "sizeLimit", "rejects every form", call -> OptionalLong.empty()),
            mutant(W6, "sizeLimit", "accepts every form", call -> OptionalLong.of(1)),
            mutant(W6, "openLink", "finds nothing", call -> Optional.empty()),
            mutant(W1, "openLink", "returns no media type", ObjectStoreMutants::withoutMediaType),
            mutant(W6, "setBaseUrl", "ignores a changed address", ObjectStoreMutants::keepsFirstAddress),
            mutant(W6, "setBaseUrl", "serves at another address", call -> call.proceedWith(0, URI.create("https://elsewhere.example"))));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, LocalObjectStore.class, method, name, defect);
    }

    private static Defect policy(UnaryOperator<UploadPolicy> broken) {
        return call -> call.proceedWith(1, broken.apply(call.argument(1)));
    }

    private static Defect download(UnaryOperator<DownloadPolicy> broken) {
        return call -> call.proceedWith(1, broken.apply(call.argument(1)));
    }

    private static Object linksForTheKeysProject(Call call) {
        return forTheProjectOf(call.<DownloadPolicy>argument(1).key(), call);
    }

    private static Object ofTheKeysProject(Call call) {
        return forTheProjectOf(call.argument(1), call);
    }

    /** Uses the project in the key instead of the given project. */
    private static Object forTheProjectOf(String key, Call call) {
        Matcher project = PROJECT_OF_KEY.matcher(key);
        return project.find()
                ? call.proceedWith(0, ProjectId.of(Long.parseLong(project.group(1))))
                : call.proceed();
    }

    private static Object keepsTheFirst(Call call) {
        LocalObjectStore original = call.original();
        return original.head(call.argument(0), call.argument(1)).isPresent()
                ? null
                : call.proceed();
    }

    private static Object leavesHalf(Call call) {
        LocalObjectStore original = call.original();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            call.<InputStream>argument(2).transferTo(received);
        } catch (IOException failure) {
            byte[] half = received.toByteArray();
            original.write(
                    call.argument(0),
                    call.argument(1),
                    new ByteArrayInputStream(half),
                    half.length,
                    call.argument(4));
            throw new UncheckedIOException(failure);
        }
        return call.proceedWith(2, new ByteArrayInputStream(received.toByteArray()));
    }

    private static Object addsTags(Call call) {
        LocalObjectStore original = call.original();
        Map<String, String> all = new HashMap<>();
        original.head(call.argument(0), call.argument(1))
                .ifPresent(head -> all.putAll(head.tags()));
        all.putAll(call.argument(2));
        return call.proceedWith(2, all);
    }

    private static Object findsNothing(Call call) {
        call.proceed();
        return Optional.empty();
    }

    private static Object reportsSuccess(Call call) {
        call.proceed();
        return true;
    }

    private static Object reportsStored(Call call) {
        call.proceed();
        return UploadResult.STORED;
    }

    private static Object withoutMediaType(Call call) {
        return ((Optional<?>) call.proceed())
                .map(Download.class::cast)
                .map(
                        it ->
                                new Download(
                                        it.content(),
                                        it.sizeInBytes(),
                                        withoutMediaType(it.policy())));
    }

    private static DownloadPolicy withoutMediaType(DownloadPolicy policy) {
        return new DownloadPolicy(policy.key(), policy.fileName(), "", policy.expiresAt());
    }

    private static Object keepsFirstAddress(Call call) {
        return call.proceedWith(
                0, call.memory().computeIfAbsent("first", first -> call.<URI>argument(0)));
    }
}
