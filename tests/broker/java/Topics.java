// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes and deletes topics, all at once: one start of Java instead of one per topic. Then prints every topic with its
 * number of partitions and, after "leaderless", how many of these have no leader.
 *
 * <pre>Topics ADDRESSES create PARTITIONS NAME...
 * Topics ADDRESSES delete NAME...</pre>
 */
public final class Topics {
  private static void create(Admin admin, int partitions, List<String> names) throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    for (String name : names) {
      topics.add(new NewTopic(name, partitions, (short) 1));
    }
    for (var made : admin.createTopics(topics).values().values()) {
      try {
        made.get();
      } catch (ExecutionException error) {
        if (!(error.getCause() instanceof TopicExistsException)) {
          throw error;
        }
      }
    }
  }

  private static void delete(Admin admin, List<String> names) throws Exception {
    for (var deleted : admin.deleteTopics(names).topicNameValues().values()) {
      try {
        deleted.get();
      } catch (ExecutionException error) {
        if (!(error.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw error;
        }
      }
    }
  }

  private static void print(Admin admin) throws Exception {
    var described = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get();
    for (String name : new TreeSet<>(described.keySet())) {
      var partitions = described.get(name).partitions();
      long leaderless = partitions.stream().filter(p -> p.leader() == null || p.leader().isEmpty()).count();
      System.out.println(name + " " + partitions.size() + (leaderless > 0 ? " leaderless " + leaderless : ""));
    }
  }

  public static void main(String[] arguments) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[0], "default.api.timeout.ms", "60000"))) {
      List<String> rest = Arrays.asList(arguments).subList(2, arguments.length);
      if (arguments[1].equals("create")) {
        create(admin, Integer.parseInt(rest.get(0)), rest.subList(1, rest.size()));
      } else {
        delete(admin, rest);
      }
      print(admin);
    } catch (Exception error) {
      System.err.println("error: topics: " + error.getMessage());
      System.exit(1);
    }
  }
}
