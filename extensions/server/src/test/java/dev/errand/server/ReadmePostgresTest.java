package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.testpostgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in section "Use it with PostgreSQL" of the README compiles and runs. */
class ReadmePostgresTest {

    private static final String URL_IN_README = "jdbc:postgresql://db.example.com/acme";
    private static final String USER_IN_README = "config.setUsername(\"errand\");";

    private static final String PROGRAM =
            """
            import com.zaxxer.hikari.*;
            import dev.errand.*;
            import dev.errand.jdbc.*;
            import dev.errand.memory.objects.*;
            import dev.errand.spi.*;
            import dev.errand.spi.artifact.*;
            import dev.errand.spi.project.*;
            import dev.errand.spi.task.*;
            import dev.errand.task.*;
            import java.time.Clock;
            import javax.crypto.spec.SecretKeySpec;

            public class Example {
                public static void run(byte[] keyBytes) throws Exception {
                    ObjectStore objects = InMemoryObjectStore.create(
                            Clock.systemUTC(), Secret.of("a key for signed forms"));
                    ProjectDirectory directory =
                            ProjectDirectory.of(new Project(ProjectId.of(1), "Acme Mobile App"));
            %s
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void exampleCompilesAndRunsRepeatedlyOnOneDatabase() throws Exception {
        String url = PostgresServer.get().newDatabase("server_readme");
        String example = ReadmeSections.blocks("Use it with PostgreSQL", "java").get(0);
        assertThat(example).contains(URL_IN_README, USER_IN_README);
        // The URL of the tests contains the user.
        ReadmeExample program = new ReadmeExample(folder);
        program.compile(
                PROGRAM.formatted(example.replace(URL_IN_README, url).replace(USER_IN_README, "")));

        assertThat(program.run()).isEqualTo("1\n");
        assertThat(program.run()).isEqualTo("2\n");
    }
}
