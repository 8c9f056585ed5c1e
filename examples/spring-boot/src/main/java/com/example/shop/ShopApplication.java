package com.example.shop;

import dev.errand.access.Caller;
import dev.errand.process.AgentCommand;
import dev.errand.process.ProcessLauncher;
import dev.errand.spi.UserId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spring.boot.CallerMapper;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A shop whose complaints become tasks for an agent. */
@SpringBootApplication
public class ShopApplication {

    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }

    @Bean
    CallerMapper callers() {
        return user -> Optional.of(Caller.user(UserId.of(Long.parseLong(user.getName()))));
    }

    @Bean
    SandboxLauncher launcher() {
        AgentCommand agent = AgentCommand.parse("sh -c 'echo working on: $(cat)'");
        return ProcessLauncher.builder(Path.of("target/sandboxes"), agent).build();
    }
}
