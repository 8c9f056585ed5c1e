package dev.errand.internal.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the inputs that fuzzing has saved; see the Maven profile {@code fuzz}. */
class SavedInputsTest {

    private static final Path SAVED =
            Path.of(
                    "src/test/resources/dev/errand/internal/wire/RequestFuzzTestInputs",
                    "everythingIsARequestOrARefusal");

    static Stream<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(SAVED)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void everythingIsARequestOrARefusal(Path input) throws IOException {
        RequestInput.assertAcceptedOrRefused(Files.readAllBytes(input));
    }
}
