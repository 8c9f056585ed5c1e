package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in section "Many at a time" of the README compiles and runs. */
class ReadmeWorkerTest {

    private static final String PROGRAM =
            """
            import dev.errand.*;
            import dev.errand.memory.*;
            import dev.errand.memory.objects.*;
            import dev.errand.run.*;
            import dev.errand.spi.*;
            import dev.errand.spi.project.*;
            import dev.errand.spi.run.*;
            import dev.errand.task.*;
            import java.time.*;
            import java.util.*;

            public class Example {
                public static void run(byte[] unused) {
                    Errand errand =
                            Errand.builder(
                                            InMemoryBackend.create(),
                                            InMemoryObjectStore.create(
                                                    Clock.systemUTC(),
                                                    Secret.of("a key for signed forms")),
                                            ProjectDirectory.of(
                                                    new Project(ProjectId.of(1), "Acme")))
                                    .build();
                    ProjectClient project = errand.project(ProjectId.of(1), Caller.host());
            %s
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void exampleCompilesAndRuns() throws Exception {
        ReadmeExample program = new ReadmeExample(folder);
        program.compile(PROGRAM.formatted(ReadmeSections.blocks("Many at a time", "java").get(0)));

        assertThat(program.run()).isEqualTo("3 runs were executed\n");
    }
}
