"""CPU seconds of the package's fsim on two pictures as its command line reads them (3 bands), and on one band."""
import json
import sys
import time

import cv2
import numpy as np
from image_similarity_measures.quality_metrics import fsim

colour = [cv2.imread(path) for path in sys.argv[1:3]]
one = [np.ascontiguousarray(image[:, :, :1]) for image in colour]
result = {}
for name, images in (("three", colour), ("one", one)):
    fsim(*images)
    start = time.process_time()
    for _ in range(2):
        value = fsim(*images)
    result[name] = (time.process_time() - start) / 2
    result[name + "_value"] = float(value)
print(json.dumps(result))
