// SPDX-License-Identifier: Apache-2.0
import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints every record of topics from their beginning, as one JSON object per line: topic, partition, offset, timestamp
 * (ms), received (us since 1970, when this program got it), key, headers, value (the text). It shares no code with what
 * it checks: it is Kafka's own consumer.
 *
 * <pre>kafka read [--follow] [--from-end] [--set PROPERTY=VALUE]... [TOPIC...]</pre>
 *
 * Without topics: all but Kafka's own. Ends at the end that the partitions had when it began; --follow: never.
 * --from-end: only what comes after the line "reading", which goes to standard error once the places are known.
 */
public final class Reader {
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final int ENDS_WITHIN_S = 120; // without a record

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final JsonGenerator out;

  private Reader(Properties properties) throws IOException {
    consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    out = new JsonFactory().createGenerator(new BufferedOutputStream(System.out, 1 << 16), JsonEncoding.UTF8);
    out.setRootValueSeparator(null);
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private void print(ConsumerRecord<byte[], byte[]> record, long receivedUs) throws IOException {
    out.writeStartObject();
    out.writeStringField("topic", record.topic());
    out.writeNumberField("partition", record.partition());
    out.writeNumberField("offset", record.offset());
    out.writeNumberField("timestamp", record.timestamp());
    out.writeNumberField("received", receivedUs);
    out.writeStringField("key", text(record.key()));
    out.writeObjectFieldStart("headers");
    for (Header header : record.headers()) {
      out.writeStringField(header.key(), text(header.value()));
    }
    out.writeEndObject();
    out.writeStringField("value", text(record.value()));
    out.writeEndObject();
    out.writeRaw('\n');
  }

  private List<TopicPartition> partitions(List<String> topics) {
    return consumer.listTopics().entrySet().stream()
        .filter(entry -> topics.isEmpty() ? !entry.getKey().startsWith("__") : topics.contains(entry.getKey()))
        .flatMap(entry -> entry.getValue().stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .collect(Collectors.toList());
  }

  private boolean isDone(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void run(List<String> topics, boolean follow, boolean fromEnd) throws IOException {
    List<TopicPartition> partitions = partitions(topics);
    for (String topic : topics) {
      if (partitions.stream().noneMatch(partition -> partition.topic().equals(topic))) {
        throw new IllegalArgumentException("there is no topic " + topic);
      }
    }
    consumer.assign(partitions);
    if (fromEnd) {
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
    } else {
      consumer.seekToBeginning(partitions);
    }
    System.err.println("reading");
    Map<TopicPartition, Long> ends = follow ? Map.of() : consumer.endOffsets(partitions);
    Instant last = Instant.now();
    while (follow || !isDone(ends)) {
      var records = consumer.poll(WAIT);
      Instant now = Instant.now();
      long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, now);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        print(record, nowUs);
      }
      out.flush();
      last = records.isEmpty() ? last : now;
      if (!follow && last.plusSeconds(ENDS_WITHIN_S).isBefore(now)) {
        throw new IllegalStateException("the end was not reached within " + ENDS_WITHIN_S + " s");
      }
    }
  }

  public static void main(String[] arguments) {
    Properties properties = new Properties();
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50");
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "200");
    boolean follow = false;
    boolean fromEnd = false;
    List<String> topics = new ArrayList<>();
    for (int i = 1; i < arguments.length; ++i) {
      switch (arguments[i]) {
        case "--follow" -> follow = true;
        case "--from-end" -> fromEnd = true;
        case "--set" -> {
          String[] parts = arguments[++i].split("=", 2);
          properties.put(parts[0], parts[1]);
        }
        default -> topics.add(arguments[i]);
      }
    }
    try {
      new Reader(properties).run(topics, follow, fromEnd);
    } catch (Exception error) {
      System.err.println("error: the records could not be read: " + error.getMessage());
      System.exit(1);
    }
  }
}
