package dev.errand.server.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the agents wrote down themselves, under a lock: each start, with run, attempt and pid, and
 * each end.
 */
final class Journal {

    /** A shell script that keeps it: works for up to $3 ms, and leaves its token in $2. */
    static final String AGENT =
            """
            cat > /dev/null
            note() { (flock 9; echo "$1 $ERRAND_RUN_ID $ERRAND_ATTEMPT $$" >&9) 9>> "$journal"; }
            journal=$1
            note start
            cp "$ERRAND_API_TOKEN_FILE" "$2/$ERRAND_RUN_ID.$ERRAND_ATTEMPT"
            echo "begins"
            random=$(od -An -N2 -tu2 /dev/urandom)
            sleep "$(printf '0.%03d' $((random % $3)))"
            echo "has worked"
            note end
            """;

    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    /** One execution, as its agent saw it. */
    record Execution(String run, int attempt) {}

    /**
     * What is written of one execution.
     *
     * @param pids of those that started
     * @param ends how many came to their end
     */
    record Notes(List<Long> pids, int ends) {}

    Map<Execution, Notes> read() throws IOException {
        Map<Execution, Notes> all = new LinkedHashMap<>();
        if (Files.notExists(file)) {
            return all;
        }
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            Execution execution = new Execution(words[1], Integer.parseInt(words[2]));
            Notes before = all.getOrDefault(execution, new Notes(List.of(), 0));
            if (words[0].equals("start")) {
                List<Long> pids = new ArrayList<>(before.pids());
                pids.add(Long.valueOf(words[3]));
                all.put(execution, new Notes(pids, before.ends()));
            } else {
                all.put(execution, new Notes(before.pids(), before.ends() + 1));
            }
        }
        return all;
    }
}
