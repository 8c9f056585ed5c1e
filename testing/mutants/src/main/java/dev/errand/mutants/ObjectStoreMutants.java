package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.ProjectId;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Broken object stores. */
final class ObjectStoreMutants {

    private static final Duration YEAR = Duration.ofDays(365);

    /** In every key that the core makes. */
    private static final Pattern PROJECT_OF_KEY = Pattern.compile("/team_([0-9]+)/");

    private ObjectStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W3, "uploadForm", "signs for a year", policy(it -> new UploadPolicy(it.key(), it.minSizeInBytes(), it.maxSizeInBytes(), it.expiresAt().plus(YEAR)))),
            mutant(W6, "uploadForm", "signs for any size", policy(it -> new UploadPolicy(it.key(), 0, Long.MAX_VALUE / 2, it.expiresAt()))),
            mutant(W3, "downloadUrl", "signs for a year", call -> call.proceedWith(2, call.<Instant>given(2).plus(YEAR))),
            mutant(W6, "downloadUrl", "signs for any project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W6, "head", "does not look at the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W3, "head", "knows nothing", call -> Optional.empty()),
            mutant(W5, "head", "tells what it told first", Defects.firstAnswerForEver(1)),
            mutant(W6, "open", "does not look at the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W3, "open", "finds nothing", call -> Optional.empty()),
            mutant(W5, "write", "keeps what was first", ObjectStoreMutants::keepsTheFirst),
            mutant(W1, "write", "leaves half of it when the content fails", ObjectStoreMutants::leavesHalf),
            mutant(W2, "write", "only says so", call -> null),
            mutant(W1, "tag", "keeps the tags of before", ObjectStoreMutants::addsTags),
            mutant(W5, "tag", "says that it was done", ObjectStoreMutants::saysYes),
            mutant(W3, "delete", "only says so", call -> true),
            mutant(W5, "delete", "says that it was done", ObjectStoreMutants::saysYes),
            mutant(W6, "delete", "does not look at the project", ObjectStoreMutants::ofTheKeysProject),
            mutant(W5, "receive", "says that it was stored", ObjectStoreMutants::saysStored),
            mutant(W3, "receive", "refuses every form", call -> UploadResult.REFUSED),
            mutant(W6, "openLink", "opens nothing", call -> Optional.empty()),
            mutant(W1, "openLink", "tells no media type", ObjectStoreMutants::withoutMediaType),
            mutant(W6, "setBaseUrl", "serves where it was told first", ObjectStoreMutants::servesAtTheFirst),
            mutant(W6, "setBaseUrl", "serves elsewhere", call -> call.proceedWith(0, URI.create("https://elsewhere.example"))));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, LocalObjectStore.class, method, name, defect);
    }

    private static Defect policy(UnaryOperator<UploadPolicy> broken) {
        return call -> call.proceedWith(1, broken.apply(call.given(1)));
    }

    /** Whoever knows a key gets at what is under it. */
    private static Object ofTheKeysProject(Call call) {
        Matcher project = PROJECT_OF_KEY.matcher(call.given(1));
        return project.find()
                ? call.proceedWith(0, ProjectId.of(Long.parseLong(project.group(1))))
                : call.proceed();
    }

    private static Object keepsTheFirst(Call call) {
        LocalObjectStore whole = call.whole();
        return whole.head(call.given(0), call.given(1)).isPresent() ? null : call.proceed();
    }

    private static Object leavesHalf(Call call) {
        LocalObjectStore whole = call.whole();
        ByteArrayOutputStream come = new ByteArrayOutputStream();
        try {
            call.<InputStream>given(2).transferTo(come);
        } catch (IOException failure) {
            byte[] half = come.toByteArray();
            whole.write(
                    call.given(0),
                    call.given(1),
                    new ByteArrayInputStream(half),
                    half.length,
                    call.given(4));
            throw new UncheckedIOException(failure);
        }
        return call.proceedWith(2, new ByteArrayInputStream(come.toByteArray()));
    }

    private static Object addsTags(Call call) {
        LocalObjectStore whole = call.whole();
        Map<String, String> all = new HashMap<>();
        whole.head(call.given(0), call.given(1)).ifPresent(head -> all.putAll(head.tags()));
        all.putAll(call.given(2));
        return call.proceedWith(2, all);
    }

    private static Object saysYes(Call call) {
        call.proceed();
        return true;
    }

    private static Object saysStored(Call call) {
        call.proceed();
        return UploadResult.STORED;
    }

    private static Object withoutMediaType(Call call) {
        return ((Optional<?>) call.proceed())
                .map(Download.class::cast)
                .map(it -> new Download(it.content(), it.sizeInBytes(), ""));
    }

    private static Object servesAtTheFirst(Call call) {
        return call.proceedWith(
                0, call.memory().computeIfAbsent("first", first -> call.<URI>given(0)));
    }
}
