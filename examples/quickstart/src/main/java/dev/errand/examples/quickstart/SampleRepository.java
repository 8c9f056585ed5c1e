package dev.errand.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A small repository with a program whose test fails, for people who have none at hand. */
final class SampleRepository {

    private static final Map<String, String> FILES =
            Map.of(
                    "README.md",
                    """
                    # Sum

                    `./sum.sh 2 3` prints the sum of its arguments. `./test.sh` tests it.
                    """,
                    "sum.sh",
                    """
                    #!/bin/sh
                    # Prints the sum of all arguments.
                    echo $(($1 + $2))
                    """,
                    "test.sh",
                    """
                    #!/bin/sh
                    [ "$(sh ./sum.sh 2 3)" = 5 ] || { echo "2 + 3 is wrong"; exit 1; }
                    [ "$(sh ./sum.sh 2 3 4)" = 9 ] || { echo "2 + 3 + 4 is wrong"; exit 1; }
                    """);

    private SampleRepository() {}

    /** Creates the repository in a new temporary directory, which is kept. */
    static GitRepository create() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("errand-sample-");
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
        GitRepository.git(directory, "init", "--initial-branch=main");
        GitRepository.git(directory, "add", "--all");
        GitRepository.git(
                directory,
                "-c",
                "user.name=Errand",
                "-c",
                "user.email=errand@localhost",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--message=Add up numbers");
        return new GitRepository(Optional.of(directory), directory.toString(), "sample/sum");
    }
}
