package dev.errand.server.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The journal that agents write under a lock: each start, with run, attempt and pid, and each end.
 */
final class AgentJournal {

    /**
     * The agent's shell script: writes the journal, works for up to $3 ms, and copies its token to
     * the directory $2.
     */
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

    AgentJournal(Path file) {
        this.file = file;
    }

    /** Identifies an execution of a run. */
    record ExecutionId(String run, int attempt) {}

    /**
     * The journal entries of one execution.
     *
     * @param pids the processes that started
     * @param ends how many of them finished
     */
    record ExecutionRecord(List<Long> pids, int ends) {}

    Map<ExecutionId, ExecutionRecord> read() throws IOException {
        Map<ExecutionId, ExecutionRecord> all = new LinkedHashMap<>();
        if (Files.notExists(file)) {
            return all;
        }
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ");
            ExecutionId execution = new ExecutionId(words[1], Integer.parseInt(words[2]));
            ExecutionRecord previous =
                    all.getOrDefault(execution, new ExecutionRecord(List.of(), 0));
            if (words[0].equals("start")) {
                List<Long> pids = new ArrayList<>(previous.pids());
                pids.add(Long.valueOf(words[3]));
                all.put(execution, new ExecutionRecord(pids, previous.ends()));
            } else {
                all.put(execution, new ExecutionRecord(previous.pids(), previous.ends() + 1));
            }
        }
        return all;
    }
}
