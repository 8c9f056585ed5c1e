package dev.errand.http;

import dev.errand.run.Conversations;
import dev.errand.run.ReplaceConversationRequest;
import dev.errand.spi.Secret;
import dev.errand.spi.store.Conversation;
import java.net.URI;
import java.util.Optional;

/** The operations on the conversations of runs (docs/wire/conversations.md#l4). */
final class ConversationOperations {

    private ConversationOperations() {}

    static HttpResponse retrieve(ApiRequest request) {
        Conversations conversations = request.client().conversations();
        Conversation found = conversations.get(request.task(), request.run());
        Optional<URI> link =
                found.content().isEmpty()
                        ? Optional.empty()
                        : conversations.link(request.task(), request.run());
        return HttpResponse.ok(request.client().wireFormat().writeConversation(found, link));
    }

    static HttpResponse replace(ApiRequest request) {
        Conversation replaced =
                request.client()
                        .conversations()
                        .replace(
                                request.task(),
                                request.run(),
                                new ReplaceConversationRequest(
                                        request.header("X-Sandbox-ID"),
                                        request.header("X-Task-Run-Token").map(Secret::of),
                                        request.header("If-Match"),
                                        request.bodySize(),
                                        request.content()));
        return HttpResponse.ok(request.client().wireFormat().writeReplacedConversation(replaced));
    }
}
