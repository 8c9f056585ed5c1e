package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLineTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'sessionUpdate':'agent_message','content':{'text':'Done.'}}       | ` > Done.`",
                "{'sessionUpdate':'agent_thought_chunk','content':{'text':'Hm.'}}   | ` ~ Hm.`",
                "{'sessionUpdate':'tool_call','title':'ls'}                         | ` $ ls`",
                "{'sessionUpdate':'tool_call','title':'Write /tmp/x/run_1/attempt_2/agent/workspace/a/b.txt'} | ` $ Write a/b.txt`",
                "{'sessionUpdate':'tool_call_update','status':'completed'}          | ``",
                "{'sessionUpdate':'tool_call_update','status':'failed','content':[{'content':{'text':'no'}}]} | ` ! failed: no`",
                "{'sessionUpdate':'plan','entries':[{'content':'A','status':'completed'},{'content':'B','status':'pending'}]} | ` * [x] A  [ ] B`",
                "{'sessionUpdate':'usage_update','used':20,'cost':{'amount':0.00063}} | ` = 20 tokens, 0.0006 US dollars`",
                "{'sessionUpdate':'usage_update','used':20}                         | ` = 20 tokens`"
            })
    void anUpdateIsOneReadableLine(String update, String line) throws Exception {
        assertThat(show("{'method':'session/update','params':{'update':" + update + "}}"))
                .isEqualTo(line.isEmpty() ? "" : " " + line);
    }

    @Test
    void consoleLinesAreMarkedByTheirLevel() throws Exception {
        String console = "{'method':'_posthog/console','params':{'level':'%s','message':'m'}}";
        assertThat(show(console.formatted("info"))).isEqualTo("  | m");
        assertThat(show(console.formatted("error"))).isEqualTo("  ! m");
        assertThat(show(console.formatted("debug"))).isEmpty();
    }

    private static String show(String notification) throws Exception {
        String json = ("{'notification':" + notification + "}").replace('\'', '"');
        return LogLine.of(new JsonMapper().readTree(json)).orElse("");
    }
}
