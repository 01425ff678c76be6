search-segment_taken = Another process has meanwhile finished part { $id } of the search index. It is tried again by itself.
